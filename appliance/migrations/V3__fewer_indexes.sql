-- Every index costs a check-in one more encrypted page. Replies are forgotten seldom and in one sweep, which needs none.
DROP INDEX idempotency_by_age;
