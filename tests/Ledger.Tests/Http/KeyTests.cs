using System.Text;
using Ledger.Api.Keys;

namespace Ledger.Tests.Http;

public sealed class KeyTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData(null, "key-missing")]
    [InlineData("", "key-missing")]
    [InlineData("Basic b3duZXI6", "key-missing")]
    [InlineData("Bearer", "key-missing")]
    [InlineData("Bearer nonsense", "key-unknown")]
    [InlineData("Bearer bo_aaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "key-unknown")]
    public async Task Without_a_known_key_the_answer_says_where_to_find_it(string? header, string code)
    {
        using var anybody = new HttpClient { BaseAddress = host.Address };
        using var request = ApiHost.Request(HttpMethod.Get, "/companies/acme/balances", null);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        using var response = await anybody.SendAsync(request);
        var answer = (await ApiAnswer.ReadAsync(response)).IsProblem(401, code);

        Assert.Equal("Bearer realm=\"ledger\"", answer.Header("WWW-Authenticate"));
        Assert.Contains(
            $"The owner's key is in the file {OwnerKey.PathIn(host.DataFolder)} on the machine",
            answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_changed_character_makes_another_key()
    {
        var changed = host.OwnerKeyText[..^1] + (host.OwnerKeyText[^1] == 'A' ? 'B' : 'A');
        using var anybody = new HttpClient { BaseAddress = host.Address };
        using var request = ApiHost.Request(
            HttpMethod.Get, "/companies/acme/balances", null, ("Authorization", $"Bearer {changed}"));

        using var response = await anybody.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_key_is_stored_as_its_hash_only_and_events_name_its_prefix()
    {
        var books = host.Given(Steps.Company);
        await books.PrepareAsync();
        var issued = (await host.Ledger.Store.ReadStreamAsync(OwnerKey.Tenant, KeyShelf.Stream)).Single();
        var data = Encoding.UTF8.GetString(issued.Data.Span);

        Assert.Equal("key_issued", issued.Type);
        Assert.Contains(KeyText.HashOf(host.OwnerKeyText), data, StringComparison.Ordinal);
        Assert.DoesNotContain(host.OwnerKeyText.Split('_', 3)[2], data, StringComparison.Ordinal);
        Assert.Equal($"key:{KeyText.PrefixOf(host.OwnerKeyText)}", (await books.RecordedAsync())[0].Actor);
    }

    [Fact]
    public void The_file_can_be_read_by_its_owner_only()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(OwnerKey.PathIn(host.DataFolder)));
        }
    }

    [Fact]
    public async Task A_start_with_the_same_folder_issues_no_second_key_and_one_with_another_folder_does()
    {
        await using var own = new Disposing(await ApiHost.StartAsync());
        var key = own.Host.OwnerKeyText;
        await own.Host.RestartAsync();
        Assert.Equal(key, own.Host.OwnerKeyText);
        Assert.Single(await own.Host.Ledger.Store.ReadStreamAsync(OwnerKey.Tenant, KeyShelf.Stream));

        File.Delete(OwnerKey.PathIn(own.Host.DataFolder));
        await own.Host.RestartAsync();
        Assert.NotEqual(key, own.Host.OwnerKeyText);
        Assert.Equal(2, (await own.Host.Ledger.Store.ReadStreamAsync(OwnerKey.Tenant, KeyShelf.Stream)).Count);
        // Losing the file ends no key: that takes './run keys revoke --owner'.
        (await own.Host.GetAsync("/companies/acme/balances", ("Authorization", $"Bearer {key}"))).IsProblem(
            404, "company-unknown");
    }

    [Fact]
    public void Keys_are_random_and_of_one_form()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => KeyText.Make()).ToArray();

        Assert.All(keys, key => Assert.Matches("^bo_[a-z2-9]{8}_[A-Za-z0-9_-]{43}$", key));
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    private sealed class Disposing(ApiHost host) : IAsyncDisposable
    {
        public ApiHost Host { get; } = host;

        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }
}
