//! Names as TypeScript writes them.

pub fn pascal(name: &str) -> String {
    let camel = camel(name);
    camel[..1].to_uppercase() + &camel[1..]
}

pub fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default();
    let first = first[..1].to_lowercase() + &first[1..];
    parts.fold(first, |all, part| all + &part[..1].to_uppercase() + &part[1..])
}

/// `stepFamily` is `STEP_FAMILY`.
pub fn constant(kind: &str) -> String {
    let parts = kind.chars().flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain([c]));
    parts.collect::<String>().to_uppercase()
}
