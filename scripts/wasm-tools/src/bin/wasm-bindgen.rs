//! wasm-bindgen with the options that wasm-pack gives it for a release build; it refuses others.

use std::path::PathBuf;

use clap::Parser;
use wasm_bindgen_cli_support::Bindgen;

#[derive(Parser)]
#[command(name = "wasm-bindgen", version)]
struct Arguments {
    input: PathBuf,
    #[arg(long)]
    out_dir: PathBuf,
    #[arg(long, value_parser = ["web"])]
    target: String,
    /// Declarations are written in any case.
    #[arg(long)]
    typescript: bool,
    #[arg(long)]
    omit_default_module_path: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    Bindgen::new()
        .web(arguments.target == "web")?
        .input_path(&arguments.input)
        .typescript(true)
        .omit_default_module_path(arguments.omit_default_module_path)
        .generate(&arguments.out_dir)
}
