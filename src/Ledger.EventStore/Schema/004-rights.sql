-- It writes by its owner's rights, so it is the owner's to grant, as the append is.
revoke all on function ledger.record_holes() from public;
