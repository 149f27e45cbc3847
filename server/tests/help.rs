//! What the binary says of itself. As an integration test it also has cargo build the binary for the promises in `tests/`.

use std::process::Command;

#[test]
fn help_names_every_command_a_person_may_need() {
    let output = Command::new(env!("CARGO_BIN_EXE_tsumugi")).arg("--help").output().expect("it runs");
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).expect("text");
    for command in ["serve", "demo", "init", "doctor", "openapi", "import", "audit", "policy"] {
        let explained = help.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(command) && words.count() >= 2
        });
        assert!(explained, "`{command}` and what it does in:\n{help}");
    }
}
