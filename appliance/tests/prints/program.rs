//! The program within its limits. Whatever it does, the desk goes on.

use crate::clinic::{echo, order, program};
use std::time::Duration;
use uketsuke::prints::Typesetter;
use web::port::NotPrinted;

#[tokio::test]
async fn an_order_goes_through_a_pipe_and_a_pdf_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = Typesetter::at(echo(folder.path())).set(&order()).await.unwrap();
    let (head, echoed) = pdf.split_at(9);
    assert_eq!(head, b"%PDF-1.7 ");
    assert_eq!(serde_json::from_slice::<paper::Order>(echoed).unwrap(), order());
}

#[tokio::test]
async fn the_program_inherits_nothing_and_is_limited() {
    let folder = tempfile::tempdir().unwrap();
    let at = Typesetter::at(program(folder.path(), "limits"));
    let said = String::from_utf8(at.set(&order()).await.unwrap()).unwrap();
    assert_eq!(said, "%PDF-/\n0\n0\n32\n60\n[]\n");
}

#[tokio::test]
async fn a_program_that_hangs_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let at = Typesetter::at(program(folder.path(), "hangs")).within(Duration::from_millis(200));
    assert_eq!(at.set(&order()).await, Err(NotPrinted::Failed));
}

#[tokio::test]
async fn what_is_no_whole_pdf_is_no_paper() {
    let folder = tempfile::tempdir().unwrap();
    for way in ["fails", "half", "no-pdf", "endless", "silent", "killed"] {
        let at = Typesetter::at(program(folder.path(), way)).within(Duration::from_secs(30));
        assert_eq!(at.set(&order()).await, Err(NotPrinted::Failed), "{way}");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_said_to_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Typesetter::find(Some(&folder.path().join("nothing"))).is_none());
    let gone = Typesetter::at(folder.path().join("nothing"));
    assert_eq!(gone.set(&order()).await, Err(NotPrinted::Missing));
}
