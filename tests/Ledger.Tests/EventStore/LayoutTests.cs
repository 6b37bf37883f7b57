namespace Ledger.Tests.EventStore;

/// <summary>A Marten application must be able to open the database: this is what its own tables look like.</summary>
public sealed class LayoutTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    // table | column | type | not null | default
    private const string Columns = """
        mt_doc_deadletterevent | id | uuid | true |
        mt_doc_deadletterevent | data | jsonb | true |
        mt_doc_deadletterevent | mt_last_modified | timestamp with time zone | false | transaction_timestamp()
        mt_doc_deadletterevent | mt_version | uuid | true | gen_random_uuid()
        mt_doc_deadletterevent | mt_dotnet_type | character varying | false |
        mt_event_progression | name | character varying | true |
        mt_event_progression | last_seq_id | bigint | false |
        mt_event_progression | last_updated | timestamp with time zone | false | transaction_timestamp()
        mt_events | seq_id | bigint | true |
        mt_events | id | uuid | true |
        mt_events | stream_id | character varying | false |
        mt_events | version | bigint | true |
        mt_events | data | jsonb | true |
        mt_events | bdata | bytea | false |
        mt_events | type | character varying(500) | true |
        mt_events | timestamp | timestamp with time zone | true |
        mt_events | tenant_id | character varying | false | '*DEFAULT*'::character varying
        mt_events | mt_dotnet_type | character varying | false |
        mt_events | correlation_id | character varying | false |
        mt_events | causation_id | character varying | false |
        mt_events | headers | jsonb | false |
        mt_events | user_name | character varying | false |
        mt_events | is_archived | boolean | false | false
        mt_high_water_skips | ending_sequence | bigint | true |
        mt_high_water_skips | starting_sequence | bigint | true |
        mt_high_water_skips | timestamp | timestamp with time zone | false | transaction_timestamp()
        mt_streams | tenant_id | character varying | true | '*DEFAULT*'::character varying
        mt_streams | id | character varying | true |
        mt_streams | type | character varying | false |
        mt_streams | version | bigint | false |
        mt_streams | timestamp | timestamp with time zone | true | now()
        mt_streams | created | timestamp with time zone | true | now()
        mt_streams | is_archived | boolean | false | false
        """;

    private const string Indexes = """
        CREATE UNIQUE INDEX pk_mt_event_progression ON public.mt_event_progression USING btree (name)
        CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (tenant_id, stream_id, version)
        CREATE UNIQUE INDEX pkey_mt_doc_deadletterevent_id ON public.mt_doc_deadletterevent USING btree (id)
        CREATE UNIQUE INDEX pkey_mt_events_seq_id ON public.mt_events USING btree (seq_id)
        CREATE UNIQUE INDEX pkey_mt_high_water_skips_ending_sequence ON public.mt_high_water_skips USING btree (ending_sequence)
        CREATE UNIQUE INDEX pkey_mt_streams_tenant_id_id ON public.mt_streams USING btree (tenant_id, id)
        """;

    private const string Constraints = """
        mt_doc_deadletterevent | pkey_mt_doc_deadletterevent_id | PRIMARY KEY (id)
        mt_event_progression | pk_mt_event_progression | PRIMARY KEY (name)
        mt_events | pkey_mt_events_seq_id | PRIMARY KEY (seq_id)
        mt_high_water_skips | pkey_mt_high_water_skips_ending_sequence | PRIMARY KEY (ending_sequence)
        mt_streams | pkey_mt_streams_tenant_id_id | PRIMARY KEY (tenant_id, id)
        """;

    [Fact]
    public async Task The_tables_have_the_columns_that_Marten_gives_them_in_its_order() =>
        Assert.Equal(Lines(Columns), await database.Texts("""
            select rtrim(concat_ws(' | ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                a.attnotnull::text, coalesce(pg_get_expr(d.adbin, d.adrelid), '')))
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            order by c.relname, a.attnum
            """));

    [Fact]
    public async Task The_tables_have_the_indexes_that_Marten_gives_them_and_no_other() =>
        Assert.Equal(Lines(Indexes), await database.Texts(
            "select indexdef from pg_indexes where schemaname = 'public' order by indexname"));

    [Fact]
    public async Task The_tables_have_the_keys_that_Marten_gives_them_but_for_the_foreign_key_of_events() =>
        Assert.Equal(Lines(Constraints), await database.Texts("""
            select concat_ws(' | ', c.relname, k.conname, pg_get_constraintdef(k.oid))
            from pg_constraint k join pg_class c on c.oid = k.conrelid
            where c.relnamespace = 'public'::regnamespace
            order by c.relname, k.conname
            """));

    [Fact]
    public async Task The_sequence_is_the_one_that_Marten_draws_from() =>
        Assert.Equal(
            ["bigint, from 1 by 1, owned by mt_events.seq_id"],
            await database.Texts("""
                select format('%s, from %s by %s, owned by %s.%s',
                    s.seqtypid::regtype, s.seqstart, s.seqincrement, d.refobjid::regclass, a.attname)
                from pg_sequence s
                join pg_depend d on d.objid = s.seqrelid and d.deptype = 'a'
                join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                where s.seqrelid = 'mt_events_sequence'::regclass
                """));

    [Fact]
    public async Task Marten_may_add_its_foreign_key_and_we_append_as_before()
    {
        await using var own = await OwnDatabaseAsync();
        await own.ExecuteAsSuperuser("""
            alter table mt_events add constraint fkey_mt_events_stream_id_tenant_id
                foreign key (tenant_id, stream_id) references mt_streams (tenant_id, id)
            """);
        await using var store = new Ledger.EventStore.Store(own.Source);

        Assert.IsType<Ledger.EventStore.AppendResult.Appended>(
            await store.AppendAsync(Requests.Of("fk", Requests.To("a", 0))));
    }

    [Fact]
    public async Task The_fields_are_filled_as_Marten_fills_them()
    {
        await using var own = await OwnDatabaseAsync();
        await using var store = new Ledger.EventStore.Store(own.Source);
        await store.AppendAsync(new(
            "acme", [Requests.To("a", 0, Requests.Event("thing_happened"), Requests.Event("thing_happened"))], [],
            new("user:7", "corr", null, null)));

        Assert.Equal(
            [
                "1 a 1 {} <null> thing_happened acme Tests.Thing, Tests corr <null> <null> user:7 false",
                "2 a 2 {} <null> thing_happened acme Tests.Thing, Tests corr <null> <null> user:7 false",
            ],
            await own.Texts("""
                select concat_ws(' ', seq_id, stream_id, version, data, coalesce(bdata::text, '<null>'), type,
                    tenant_id, mt_dotnet_type, correlation_id, coalesce(causation_id, '<null>'),
                    coalesce(headers::text, '<null>'), user_name, is_archived::text)
                from mt_events order by seq_id
                """));
        Assert.Equal(
            ["acme a <null> 2 true true false"],
            await own.Texts("""
                select concat_ws(' ', tenant_id, id, coalesce(type, '<null>'), version,
                    (timestamp = (select max(e.timestamp) from mt_events e))::text,
                    (created = (select min(e.timestamp) from mt_events e))::text, is_archived::text)
                from mt_streams
                """));
        Assert.Equal(2, await own.Number("select last_value from mt_events_sequence"));
        await own.ExecuteAsSuperuser("select nextval('mt_events_sequence')");
        Assert.Equal(3, await own.Number("select last_value from mt_events_sequence"));
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.TrimEnd())];

    private static async Task<OwnDatabase> OwnDatabaseAsync()
    {
        var own = new OwnDatabase();
        await own.InitializeAsync();
        return own;
    }

    /// <summary>A database for one test that changes what the others look at.</summary>
    private sealed class OwnDatabase : StoreDatabase, IAsyncDisposable
    {
        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}
