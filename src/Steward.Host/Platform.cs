using System.Security.Cryptography.X509Certificates;
using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Storage;
using Steward.Web;
using Steward.Work;

namespace Steward.Host;

/// <summary>Puts the rooms together into one server.</summary>
public static class Platform
{
    public static IReadOnlyList<IRoom> Rooms { get; } =
    [
        new Data.DataRoom(),
        new Engines.EnginesRoom(),
        new Tracking.TrackingRoom(),
        new Training.TrainingRoom(),
        new Pipelines.PipelinesRoom(),
        new Models.ModelsRoom(),
        new Packaging.PackagingRoom(),
        new Serving.ServingRoom(),
        new Monitoring.MonitoringRoom(),
        new Labeling.LabelingRoom(),
        new Stories.StoriesRoom(),
    ];

    /// <summary>Everything that brings pages or migrations.</summary>
    public static IReadOnlyList<System.Reflection.Assembly> Assemblies { get; } = [typeof(IRoom).Assembly, .. Rooms.Select(room => room.Assembly)];

    /// <summary>Everything a project file may hold.</summary>
    public static IEnumerable<Section> Sections => [LoopRule.Section, .. Rooms.SelectMany(room => room.Sections)];

    /// <summary>Takes the data folder, brings its records up to date and opens every room; the caller starts it.</summary>
    public static async Task<WebApplication> Build(Settings settings, Action<IServiceCollection>? furnish = null, CancellationToken stop = default)
    {
        settings = settings.Checked();
        var folder = DataFolder.Take(settings.Data);
        try
        {
            var app = Furnish(settings, folder, furnish).Build();
            // Asked for first, so that the container lets the folder go last.
            app.Services.GetRequiredService<DataFolder>();
            await app.Services.GetRequiredService<Db>().Migrate(Assemblies, stop);
            Open(app);
            return app;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static WebApplicationBuilder Furnish(Settings settings, DataFolder folder, Action<IServiceCollection>? furnish)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(Platform).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        // The assets are those of the build: no second look at the disk, and no catch-all route for it.
        builder.Configuration.AddInMemoryCollection([new("ReloadStaticAssetsAtRuntime", "false")]);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(settings.ListenOn, settings.Port, listen =>
            {
                if (settings.Certificate is { } file)
                    listen.UseHttps(settings.CertificateKey is { } key ? X509Certificate2.CreateFromPemFile(file, key) : X509CertificateLoader.LoadPkcs12FromFile(file, null));
            });
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).SetMinimumLevel(LogLevel.Information);

        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(_ => folder).AddSingleton(TimeProvider.System).AddSingleton(Rooms);
        services.AddRazorComponents();
        services.AddOpenApi();
        services.AddWebSafety(settings);
        services.AddStorage(settings);
        services.AddOutside(settings);
        services.AddIdentity(settings);
        services.AddAudit();
        services.AddEvents();
        services.AddWork();
        services.AddTelemetry();
        services.AddScoped<Home.Standing>();
        services.AddProjects(Sections);
        foreach (var room in Rooms)
            room.Furnish(services);
        furnish?.Invoke(services);
        return builder;
    }

    private static void Open(WebApplication app)
    {
        app.UseRouting();
        app.UseWebSafety();
        app.UseIdentity();
        app.MapStaticAssets().Needs(Permission.Anyone);
        app.MapOpenApi("/api/openapi.json").Needs(Permission.SignedIn);
        app.MapTelemetry();
        app.MapIdentity();
        app.MapAudit();
        app.MapEvents();
        app.MapWork();
        app.MapProjects();
        app.MapRazorComponents<Shell>().AddAdditionalAssemblies([.. Assemblies]).OpenFramework();
        foreach (var room in Rooms)
            room.Open(app);
    }
}
