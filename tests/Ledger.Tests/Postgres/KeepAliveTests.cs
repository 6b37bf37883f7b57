using Ledger.Api;
using Npgsql;

namespace Ledger.Tests.Postgres;

/// <summary>A server whose machine vanishes says nothing: the system asks whether it is there.</summary>
public sealed class KeepAliveTests
{
    [Fact]
    public void A_connection_that_is_silent_for_ten_seconds_is_asked_every_five_whether_it_lives()
    {
        var bounded = new NpgsqlConnectionStringBuilder(LedgerHost.Bounded("Host=db.example.com;Database=ledger"));

        Assert.Equal(
            (true, 10, 5, 40),
            (bounded.TcpKeepAlive, bounded.TcpKeepAliveTime, bounded.TcpKeepAliveInterval, bounded.MaxPoolSize));
    }

    [Theory]
    [InlineData("Host=db.example.com;TCP Keepalive=true;TCP Keepalive Time=60;TCP Keepalive Interval=20", 60, 20)]
    [InlineData("Host=/run/postgresql;Database=ledger", 0, 0)]
    public void What_the_connection_string_says_of_it_stays_and_a_socket_has_none_of_it(
        string given, int silent, int again)
    {
        var bounded = new NpgsqlConnectionStringBuilder(LedgerHost.Bounded(given));

        Assert.Equal((silent, again), (bounded.TcpKeepAliveTime, bounded.TcpKeepAliveInterval));
    }
}
