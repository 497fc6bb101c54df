//! A program for papers that keeps every order instead of setting it.

use paper::Order;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use web::port::{IdempotencyKey, NotPrinted, PackView, Pending, Prints};

/// Keeps what it was asked to set.
#[derive(Default)]
pub struct MemoryPrints {
    pub orders: Mutex<Vec<Order>>,
    pub fails: Mutex<Option<NotPrinted>>,
    reserved: Mutex<(u32, BTreeMap<String, Vec<String>>)>,
}

/// What a paper looks like from here.
pub const PDF: &[u8] = b"%PDF-1.7 a paper of the memory desk";

impl MemoryPrints {
    pub fn new() -> Arc<MemoryPrints> {
        Arc::default()
    }

    /// The last order.
    pub fn last(&self) -> Order {
        self.orders.lock().expect("unpoisoned").last().cloned().expect("a paper was ordered")
    }

    /// From now on nothing is set.
    pub fn fail(&self, why: NotPrinted) {
        *self.fails.lock().expect("unpoisoned") = Some(why);
    }

    fn failure(&self) -> Option<NotPrinted> {
        *self.fails.lock().expect("unpoisoned")
    }
}

impl Prints for MemoryPrints {
    fn set(&self, order: Order) -> Pending<'_, Result<Vec<u8>, NotPrinted>> {
        let outcome = self.failure().map_or_else(|| Ok(PDF.to_vec()), Err);
        self.orders.lock().expect("unpoisoned").push(order);
        super::ready(outcome)
    }

    fn reserve_forms(&self, key: Option<IdempotencyKey>, count: u32) -> Pending<'_, Result<Vec<String>, NotPrinted>> {
        let mut reserved = self.reserved.lock().expect("unpoisoned");
        let known = key.as_ref().and_then(|key| reserved.1.get(&key.0).cloned());
        let outcome = match known {
            Some(numbers) if numbers.len() == count as usize => Ok(numbers),
            Some(_) => Err(NotPrinted::KeyReused),
            None => {
                reserved.0 += 1;
                let batch = reserved.0;
                Ok((1..=count).map(|at| format!("20260302-B{batch:03}-{at:02}")).collect::<Vec<_>>())
            }
        };
        if let (Some(key), Ok(numbers)) = (key, &outcome) {
            reserved.1.insert(key.0, numbers.clone());
        }
        super::ready(outcome)
    }

    fn pack(&self) -> Option<PackView> {
        Some(PackView {
            folder: "/var/lib/uketsuke/downtime-pack".to_owned(),
            files: vec!["1-today.pdf".to_owned()],
            written_at: None,
            problem: None,
        })
    }
}
