//! Blocks: what they hold, who shares them, and programs whose blocks change.

mod common;

use common::{op, program, read, start, write};
use ferrograd_engine::{Engine, Kind};

#[test]
fn inputs_may_share_a_block() {
    let words = program(
        &[(Kind::Input, 4), (Kind::Input, 4), (Kind::Output, 8)],
        &[op("Copy", &[4, 0, 0, 2, 0]), op("Copy", &[4, 1, 0, 2, 4])],
        &[],
    );
    let mut engine = Engine::default();
    let (id, handles) = start(&mut engine, &words);
    write(&mut engine, handles[0], &[1.0, 2.0, 3.0, 4.0]);
    assert!(engine.bind(id, 1, handles[0]));
    assert_eq!(engine.run(id), Ok(()));
    assert_eq!(read(&mut engine, handles[2]), [1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn a_freed_block_of_another_program_and_a_larger_scratch_are_noticed() {
    let copy_through = |words: u32| {
        let compute = [op("Copy", &[words, 0, 0, 1, 0]), op("Copy", &[words, 1, 0, 2, 0])];
        program(
            &[(Kind::Input, words), (Kind::Scratch, words), (Kind::Output, words)],
            &compute,
            &[],
        )
    };
    let mut engine = Engine::default();
    let (small, small_handles) = start(&mut engine, &copy_through(3));
    write(&mut engine, small_handles[0], &[5.0, 6.0, 7.0]);
    assert_eq!(engine.run(small), Ok(()));
    let (large, _) = start(&mut engine, &copy_through(5_000));
    assert_eq!(engine.scratch_words(), 5_000);
    for id in [large, small] {
        assert_eq!(engine.run(id), Ok(()));
    }
    assert_eq!(read(&mut engine, small_handles[2]), [5.0, 6.0, 7.0]);
    engine.unload(large);
    engine.unload(small);
    assert_eq!((engine.scratch_words(), engine.scratch()), (0, None));
}

#[test]
fn blocks_are_zeroed_aligned_and_counted() {
    let mut engine = Engine::default();
    let handles: Vec<_> = (0..100).map(|words| engine.alloc(words).unwrap()).collect();
    assert_eq!(engine.live_words(), 99 * 100 / 2);
    for (words, &handle) in handles.iter().enumerate() {
        assert_eq!(engine.address(handle).unwrap() % 64, 0);
        assert_eq!(engine.words_mut(handle).unwrap(), vec![0; words]);
    }
    handles.into_iter().for_each(|handle| assert!(engine.free(handle)));
    assert_eq!(engine.live_words(), 0);
    assert_eq!(engine.alloc(usize::MAX / 8), None);
    assert_eq!(engine.live_words(), 0);
}

#[test]
fn a_handle_never_names_a_later_block() {
    let mut engine = Engine::default();
    let first = engine.alloc(1).unwrap();
    assert!(engine.free(first));
    for _ in 0..10_000 {
        let handle = engine.alloc(1).unwrap();
        assert_ne!(handle, first);
        assert_eq!((engine.address(first), engine.free(first)), (None, false));
        assert!(engine.free(handle));
    }
}

#[test]
fn the_first_bad_number_of_a_block_is_found() {
    let mut engine = Engine::default();
    let handle = engine.alloc(8).unwrap();
    write(&mut engine, handle, &[0.0, 1.0, 2.0, f32::NAN]);
    assert_eq!(engine.first_non_finite(handle, 0, 3), None);
    assert_eq!(engine.first_non_finite(handle, 2, 6), Some(1));
    assert_eq!(engine.first_non_finite(handle, 4, 4), None);
    assert_eq!(engine.survey(handle, 2, 6).non_finite, 1);
    assert_eq!(engine.histogram(handle, 0, 3, [0.0, 1.0], 2), [1, 2]);
    // What the block does not have counts as nothing.
    assert_eq!(engine.survey(handle, 4, 5).zeros, 0);
    assert_eq!(engine.column_signs(handle, 9, 1, 2), [0; 4]);
    assert_eq!(engine.one_signed(handle, 9, 1, 1), 0.0);
    engine.free(handle);
    assert_eq!(engine.first_non_finite(handle, 0, 8), None);
}
