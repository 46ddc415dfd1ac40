using System.Net;

namespace WebHost;

/// <summary>Shows what the application answers, by asking it over HTTP.</summary>
internal sealed class Visitor(string address) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _client = new() { BaseAddress = new Uri(address) };

    public async Task GetAsync(string path, CancellationToken cancellationToken) => await PrintAsync("GET", path, await _client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken), cancellationToken);

    public async Task PostAsync(string path, CancellationToken cancellationToken) =>
        await PrintAsync("POST", path, await _client.PostAsync(new Uri(path, UriKind.Relative), content: null, cancellationToken), cancellationToken);

    /// <summary>Asks until the answer is 200 OK and holds a text, and shows that answer alone.</summary>
    public async Task GetUntilAsync(string path, string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK && (await response.Content.ReadAsStringAsync(cancellationToken)).Contains(text, StringComparison.Ordinal))
            {
                await PrintAsync("GET", path, response, cancellationToken);
                return;
            }

            response.Dispose();
            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Asks until the answer holds a number of lines that begin and end with a text, and shows those alone.</summary>
    public async Task GetLinesUntilAsync(string path, string start, string end, int lines, CancellationToken cancellationToken)
    {
        while (true)
        {
            string page = await _client.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken);
            string[] found = [.. page.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal) && line.EndsWith(end, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            if (found.Length == lines)
            {
                Console.WriteLine($"GET {path}: 200 ...");
                Array.ForEach(found, Console.WriteLine);
                return;
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task PrintAsync(string method, string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            Console.WriteLine($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}".TrimEnd());
        }
    }
}
