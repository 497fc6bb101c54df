//! `cargo xtask demo`: from a checkout to a clinic in the browser.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::args::{DemoOptions, Profile};
use crate::packages;
use crate::refusal::Refusal;
use crate::workspace::Workspace;

/// Installs, builds, and becomes `uketsuke demo`: on success this does not return.
pub fn run(workspace: &Workspace, options: &DemoOptions) -> Result<(), Refusal> {
    let for_the_reader = if options.with_virtual_reader() { packages::FOR_VIRTUAL_READER } else { &[] };
    packages::ensure(&[packages::FOR_BUILDING, for_the_reader].concat())?;
    build(workspace, options.profile)?;
    println!("==> Starting the demonstration clinic; Ctrl-C ends it / デモの診療所を始めます（Ctrl-C で終了）");
    let program = workspace.program(folder(options.profile), "uketsuke");
    // the program takes this one's place, so that Ctrl-C and a service manager's stop reach it directly; it starts in
    // the folder the person stands in, where a relative `--data` means what they think
    let error = Command::new(&program).arg("demo").args(&options.for_product).exec();
    Err(Refusal::failure(format!("{} could not be started: {error}", program.display())))
}

fn build(workspace: &Workspace, profile: Profile) -> Result<(), Refusal> {
    println!("==> Building Uketsuke: {}", expected_time(profile));
    // the program that sets papers lies beside the product; without it the clinic would have no prints
    let mut words = vec![
        "build",
        "--package",
        "uketsuke",
        "--bin",
        "uketsuke",
        "--package",
        "uketsuke-print",
        "--bin",
        "uketsuke-print",
    ];
    words.extend((profile == Profile::Release).then_some("--release"));
    match workspace.cargo(&words).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Refusal::failure(
            "The build failed; cargo's own message is above. Nothing was started.\n\
             ビルドできませんでした。理由は上の表示のとおりです。何も起動していません。",
        )),
        Err(error) => Err(Refusal::failure(format!("cargo could not be started: {error}"))),
    }
}

fn expected_time(profile: Profile) -> &'static str {
    match profile {
        Profile::Debug => {
            "10 to 15 minutes the first time on two cores, then seconds / ビルド中（初回は10〜15分、以後は数秒）"
        }
        Profile::Release => {
            "half an hour the first time on two cores, then some minutes / ビルド中（初回は約30分、以後は数分）"
        }
    }
}

fn folder(profile: Profile) -> &'static str {
    match profile {
        Profile::Debug => "debug",
        Profile::Release => "release",
    }
}
