//! PostgreSQL: any number of processes share one database; its notifications tell each what the others wrote.

use super::facilities;
use super::{Change, Row, Sql, StoreFailure, Stored, Value, schema};
use futures_util::stream::{StreamExt, poll_fn};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use sync::facility::FacilityId;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, broadcast};
use tokio::task::JoinHandle;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Statement};

/// Connections of one process, beside the one that listens.
const CONNECTIONS: usize = 12;
const CONNECT: Duration = Duration::from_secs(10);
/// A server that went away without a word is noticed after so long.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
const RECONNECT_PAUSE: Duration = Duration::from_millis(250);
/// The lock under which the tables are made and terms begin; any number that is ours.
const PREPARING: &str = "SELECT pg_advisory_xact_lock(7236843501)";
const CHANNEL: &str = "uketsuke_hub";
/// Nothing of the hub's takes so long but a wait for a lock that nobody gives back.
const SESSION: &str = "SET statement_timeout = '60s'; SET lock_timeout = '20s'; \
                       SET idle_in_transaction_session_timeout = '120s'; SET synchronous_commit = on";

pub struct Postgres {
    runtime: Handle,
    config: Config,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Kept>>,
    listening: JoinHandle<()>,
}

/// One connection.
struct Kept {
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    pub fn open(url: &str, runtime: Handle, changes: broadcast::Sender<Change>) -> Stored<Postgres> {
        let mut config: Config = url.parse()?;
        config.connect_timeout(CONNECT).keepalives_idle(KEEP_ALIVE).tcp_user_timeout(KEEP_ALIVE);
        config.application_name("uketsuke-hub");
        let listening = runtime.spawn(listen(config.clone(), changes));
        let (places, idle) = (Arc::new(Semaphore::new(CONNECTIONS)), Mutex::default());
        let postgres = Postgres { runtime, config, places, idle, listening };
        postgres.write(|_| Ok(()))?;
        Ok(postgres)
    }

    pub fn write<T>(&self, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        self.transaction("BEGIN", work)
    }

    pub fn read_still<T>(&self, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        self.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)
    }

    fn transaction<T>(&self, begin: &str, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        let place = self.wait(self.places.clone().acquire_owned());
        let mut kept = self.connection()?;
        self.wait(kept.client.batch_execute(begin))?;
        match work(&mut Transaction { postgres: self, kept: &mut kept }) {
            Ok(outcome) => {
                self.wait(kept.client.batch_execute("COMMIT"))?;
                self.keep(kept);
                drop(place);
                Ok(outcome)
            }
            Err(failure) => {
                if self.wait(kept.client.batch_execute("ROLLBACK")).is_ok() {
                    self.keep(kept);
                }
                Err(failure)
            }
        }
    }

    fn connection(&self) -> Stored<Kept> {
        while let Some(kept) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            if !kept.client.is_closed() {
                return Ok(kept);
            }
        }
        let mut kept = self.wait(connect(&self.config))?;
        self.recognise(&mut kept)?;
        Ok(kept)
    }

    /// A new connection may lead to another database than the one before: restored, moved, or continued by a standby that had not
    /// everything. Then positions of before mean nothing, and new terms begin.
    fn recognise(&self, kept: &mut Kept) -> Stored<()> {
        self.wait(kept.client.batch_execute("BEGIN"))?;
        self.wait(kept.client.batch_execute(PREPARING))?;
        let sql = &mut Transaction { postgres: self, kept };
        schema::prepare(sql)?;
        let found = sql.query(
            "SELECT system_identifier || '/' || timeline_id || '/' || oid FROM pg_control_system(), pg_control_checkpoint(), \
             pg_database WHERE datname = current_database()",
            &[],
        )?;
        let history =
            found.first().ok_or(StoreFailure::Damaged("the database does not say which one it is"))?.text(0)?;
        facilities::continue_history(sql, history)?;
        Ok(self.wait(kept.client.batch_execute("COMMIT"))?)
    }

    fn keep(&self, kept: Kept) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn connect(config: &Config) -> Stored<Kept> {
    let (client, connection) = config.connect(NoTls).await?;
    // Ends with the client; its error reaches the client too.
    tokio::spawn(connection);
    client.batch_execute(SESSION).await?;
    Ok(Kept { client, prepared: HashMap::new() })
}

/// Listens for ever. Whenever it begins, anything may have happened before.
async fn listen(config: Config, changes: broadcast::Sender<Change>) {
    loop {
        if let Err(failure) = listen_once(&config, &changes).await {
            tracing::warn!(%failure, "changes of other processes are not heard; trying again");
        }
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}

async fn listen_once(config: &Config, changes: &broadcast::Sender<Change>) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let mut messages = poll_fn(move |context| connection.poll_message(context));
    let hearing = async {
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(notification) = message? {
                let _ = changes.send(read_change(notification.payload()));
            }
        }
        Ok(())
    };
    let asking = async {
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        let _ = changes.send(Change::Everything);
        std::future::pending::<Result<(), tokio_postgres::Error>>().await
    };
    tokio::select! { ended = hearing => ended, refused = asking => refused }
}

fn write_change(change: Change) -> String {
    match change {
        Change::Grown(facility) => format!("grown {facility}"),
        Change::Members(facility) => format!("members {facility}"),
        Change::Everything => "everything".to_owned(),
    }
}

/// What a newer program tells in words of its own is anything.
fn read_change(payload: &str) -> Change {
    let read = |name: &str| payload.strip_prefix(name).and_then(FacilityId::from_hex);
    match (read("grown "), read("members ")) {
        (Some(facility), _) => Change::Grown(facility),
        (_, Some(facility)) => Change::Members(facility),
        _ => Change::Everything,
    }
}

struct Transaction<'a> {
    postgres: &'a Postgres,
    kept: &'a mut Kept,
}

impl Transaction<'_> {
    fn prepare(&mut self, statement: &str) -> Stored<Statement> {
        if let Some(prepared) = self.kept.prepared.get(statement) {
            return Ok(prepared.clone());
        }
        let prepared = self.postgres.wait(self.kept.client.prepare(statement))?;
        self.kept.prepared.insert(statement.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

impl Sql for Transaction<'_> {
    fn query(&mut self, statement: &str, values: &[Value]) -> Stored<Vec<Row>> {
        let prepared = self.prepare(statement)?;
        let found = self.postgres.wait(self.kept.client.query(&prepared, &parameters(values)))?;
        found.iter().map(row).collect()
    }

    fn execute(&mut self, statement: &str, values: &[Value]) -> Stored<u64> {
        let prepared = self.prepare(statement)?;
        Ok(self.postgres.wait(self.kept.client.execute(&prepared, &parameters(values)))?)
    }

    fn tell(&mut self, change: Change) -> Stored<()> {
        let payload = write_change(change);
        // Told when committed, and once however often.
        self.query("SELECT pg_notify($1, $2)", &[Value::from(CHANNEL), Value::Text(payload)]).map(drop)
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| -> &(dyn ToSql + Sync) {
            match value {
                Value::Int(number) => number,
                Value::Bytes(bytes) => bytes,
                Value::Text(text) => text,
            }
        })
        .collect()
}

fn row(row: &tokio_postgres::Row) -> Stored<Row> {
    let value = |(column, about): (usize, &tokio_postgres::Column)| match *about.type_() {
        Type::INT8 => Ok(Value::Int(row.try_get(column)?)),
        Type::BYTEA => Ok(Value::Bytes(row.try_get(column)?)),
        Type::TEXT => Ok(Value::Text(row.try_get(column)?)),
        Type::VOID => Ok(Value::Int(0)),
        _ => Err(StoreFailure::Damaged("a value of an unused kind")),
    };
    row.columns().iter().enumerate().map(value).collect::<Stored<_>>().map(Row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_understood() {
        let facility = FacilityId::from_bytes([7; 16]);
        for change in [Change::Grown(facility), Change::Members(facility), Change::Everything] {
            assert_eq!(read_change(&write_change(change)), change);
        }
        assert_eq!(read_change("grown out of it"), Change::Everything);
    }
}
