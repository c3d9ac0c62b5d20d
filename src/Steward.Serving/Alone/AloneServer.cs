using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Identity;
using Steward.Serving.OpenInference;
using Steward.Web;

namespace Steward.Serving.Alone;

/// <param name="Plain">Somebody in front does TLS and decides who may ask: required beyond loopback without a certificate.</param>
/// <param name="Token">Callers must bring it; null lets everybody ask who reaches the port.</param>
internal sealed record AloneOptions(string Bind, int Port, bool Plain, string? Certificate, string? CertificateKey, string? Token);

/// <summary>One model behind the scoring protocol and nothing else: no records, no pages, no people, nothing written.</summary>
internal static class AloneServer
{
    public static WebApplication Build(AloneModel model, AloneOptions options)
    {
        var settings = Checked(options);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(AloneServer).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.ListenOn, settings.Port, listen =>
        {
            if (options.Certificate is { } file)
                listen.UseHttps(options.CertificateKey is { } key ? X509Certificate2.CreateFromPemFile(file, key) : X509CertificateLoader.LoadPkcs12FromFile(file, null));
        }));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        builder.Services.Configure<KestrelServerOptions>(kestrel => KestrelLimits.Apply(kestrel, settings));
        builder.Services.AddMetrics().AddSingleton(TimeProvider.System)
            .AddSingleton(_ => new Admission(Environment.ProcessorCount, 256, TimeSpan.FromSeconds(2)))
            .AddSingleton<ServingMetrics>()
            .AddSingleton<IAnswerLog, NoAnswerLog>()
            .AddSingleton<Fleet>()
            .AddSingleton<Answers>()
            .AddSingleton<PictureAnswers>()
            .AddSingleton<InferHandler>()
            .AddScoped(_ => Who.Steward);
        var app = builder.Build();
        if (options.Token is { } token)
            app.Use((context, next) => MayAsk(context, token) ? next(context) : Refuse(context));
        app.MapAnswering();
        Serve(app.Services.GetRequiredService<Fleet>(), model);
        return app;
    }

    private static void Serve(Fleet fleet, AloneModel model)
    {
        var about = model.About;
        var live = fleet.Enlist(new(about.Endpoint, about.Project, about.Model, about.Version, 1, null, DateTimeOffset.UnixEpoch));
        live.Settings = new() { Log = new() { Pictures = false } };
        live.Swap(about.Version, () => model.Loaded, 1);
        fleet.IsReady = true;
    }

    /// <summary>Whoever restarts it asks for its health without credentials.</summary>
    private static bool MayAsk(HttpContext context, string token)
        => context.Request.Path.StartsWithSegments("/v2/health")
            || CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString())), SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + token)));

    private static Task Refuse(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"steward\"";
        return Replies.Error(context, 401, "sign_in_first", "Bring the token that this server was started with: Authorization: Bearer …");
    }

    private static Settings Checked(AloneOptions options)
    {
        if (!IPAddress.TryParse(options.Bind, out var ip))
            throw ProblemException.Invalid("setting_invalid", $"The setting 'bind' cannot be used: '{Names.Shorten(options.Bind)}' is not an address.", "Write 127.0.0.1, or 0.0.0.0 in a container.");
        if (!IPAddress.IsLoopback(ip) && options is { Certificate: null, Plain: false })
            throw ProblemException.Invalid("setting_invalid", $"The setting 'bind' cannot be used: {options.Bind} can be reached from other machines, and there is no certificate.", "Add --cert FILE, or --plain when something in front of it does TLS and decides who may ask.");
        if (options.Certificate is { } file && !File.Exists(file))
            throw ProblemException.Invalid("setting_invalid", $"The setting 'cert' cannot be used: there is no file '{Names.Shorten(file)}'.", "Name a PEM or PFX file.");
        return new() { Bind = options.Bind, Port = options.Port };
    }

    /// <summary>Nothing is kept here: whoever wants to watch the model lets the whole server serve it.</summary>
    private sealed class NoAnswerLog : IAnswerLog
    {
        public void Append(Prediction prediction, byte[]? picture = null) { }
    }
}
