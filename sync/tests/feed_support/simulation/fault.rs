//! The faults a schedule may bring.

use std::collections::BTreeMap;

/// What can go wrong. Each is counted when its effect was seen, not when it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// a line was cut inside a frame, after whole records of the same answer had come
    CutInAnswer,
    /// a push was cut before its end
    CutInPush,
    /// a request was lost before the peer saw it
    DroppedRequest,
    /// a push was taken and its answer lost
    DroppedAnswer,
    /// the same push arrived twice, and the second time everything was known
    Duplicate,
    /// an old push arrived after newer ones
    LatePush,
    /// an old answer arrived after a newer one
    LateAnswer,
    /// an exchange was impossible because of a partition
    Partition,
    /// a program started again while exchanges were under way
    Restart,
    /// a restored log answered a pull from before where the asker had been
    RestoredServer,
    /// a restored log told a pusher that it went back
    RestoredTaker,
    /// a peer was found to be another run
    OtherRun,
    /// a copy of a disk wrote while the original lived on
    Clone,
    /// a peer's clock was seen to be off by more than half an hour
    Skew,
    /// records of a box not known yet were kept, and checked later
    LateMember,
    /// a forged record among those was removed
    Forgery,
    /// records were forgotten
    Forgotten,
    /// a box that came late did without records, and had what they say from a snapshot
    Newcomer,
    /// a box that was behind did
    LeftOut,
    /// a snapshot arrived whose signer had been put out: nothing is left out for it
    SignerPutOut,
}

impl Fault {
    pub const ALL: [Fault; 20] = [
        Fault::CutInAnswer,
        Fault::CutInPush,
        Fault::DroppedRequest,
        Fault::DroppedAnswer,
        Fault::Duplicate,
        Fault::LatePush,
        Fault::LateAnswer,
        Fault::Partition,
        Fault::Restart,
        Fault::RestoredServer,
        Fault::RestoredTaker,
        Fault::OtherRun,
        Fault::Clone,
        Fault::Skew,
        Fault::LateMember,
        Fault::Forgery,
        Fault::Forgotten,
        Fault::Newcomer,
        Fault::LeftOut,
        Fault::SignerPutOut,
    ];
}

pub type Fired = BTreeMap<Fault, u64>;
