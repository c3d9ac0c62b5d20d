using System.CommandLine;
using Microsoft.Extensions.Hosting;

namespace Steward.Serving.Alone;

/// <summary><c>steward serve FOLDER</c>: what an image runs.</summary>
internal static class ServeVerb
{
    private const string TokenVariable = "STEWARD_SERVE_TOKEN";

    public static Command Tree()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "With model.onnx and model.json, as images carry it." };
        var port = new Option<int>("--port") { Description = "The port; 0 takes any free one.", DefaultValueFactory = _ => 8080 };
        var bind = new Option<string>("--bind") { Description = "The address to listen on; beyond loopback only with --cert or --plain.", DefaultValueFactory = _ => "127.0.0.1" };
        var plain = new Option<bool>("--plain") { Description = "Something in front does TLS and decides who may ask: a mesh, an ingress, a network policy." };
        var certificate = new Option<string?>("--cert") { Description = "Certificate for TLS, PEM or PFX." };
        var key = new Option<string?>("--key") { Description = "Key of a PEM certificate." };
        var verb = new Command("serve", $"Answer with one model and nothing else, as its image does. {TokenVariable} names a token that callers must bring.") { folder, port, bind, plain, certificate, key };
        verb.SetAction(async (line, stop) =>
        {
            var model = await AloneModel.Read(line.GetRequiredValue(folder), stop);
            var options = new AloneOptions(line.GetRequiredValue(bind), line.GetValue(port), line.GetValue(plain), line.GetValue(certificate), line.GetValue(key), Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null);
            await using var app = AloneServer.Build(model, options);
            await app.StartAsync(stop);
            Console.WriteLine($"{model.About.Model}@{model.About.Version} answers at {app.Urls.First()}/v2/models/{model.About.Endpoint}");
            await app.WaitForShutdownAsync(stop);
            return 0;
        });
        return verb;
    }
}
