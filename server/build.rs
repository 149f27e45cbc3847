//! Rebuilds the binary when what it embeds changes, and lists the files of rules, so that one more is a file and nothing else.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

const CASES: &str = ".cases.toml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-changed=../client-web/dist");
    println!("cargo::rerun-if-changed=policies");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("policies");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let (mut profiles, mut cases) = (String::new(), String::new());
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let line = format!("    ({name:?}, include_str!({:?})),\n", file.display().to_string());
        if name.ends_with(CASES) {
            cases.push_str(&line);
        } else if name.ends_with(".toml") {
            profiles.push_str(&line);
        }
    }
    let list = |name: &str, lines: &str| format!("const {name}: &[(&str, &str)] = &[\n{lines}];\n");
    let text = list("SHIPPED", &profiles) + &list("SHIPPED_CASES", &cases);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("shipped_policies.rs"), text)?;
    Ok(())
}
