using System.Collections.Concurrent;
using System.Text;

namespace Telemetry;

/// <summary>Stands for the collector that a real host exports to: takes OTLP over HTTP on a free port of 127.0.0.1, and remembers what came.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string? ContentType, byte[] Body)> _requests = new();

    private Receiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Receiver> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var receiver = new Receiver(builder.Build());
        receiver._app.MapPost("/v1/{signal}", receiver.TakeAsync);
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>In which form one kind of signal came; null: none came.</summary>
    public string? FormOf(string signal) => _requests.FirstOrDefault(request => request.Path == $"/v1/{signal}").ContentType;

    /// <summary>Whether a name was among what came. Protocol buffers hold texts as they are, so a search for the bytes finds it.</summary>
    public bool Got(string signal, string name) =>
        _requests.Any(request => request.Path == $"/v1/{signal}" && request.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // An empty body is the answer "all taken".
    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
