using Microsoft.AspNetCore.Components;

namespace Steward.Pages;

/// <summary>
/// A page that is drawn once, after everything it shows was read. A plain component is drawn at its first wait already,
/// and a database across the network always makes it wait.
/// </summary>
public abstract class Page : ComponentBase
{
    private bool _loaded;

    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        if (!_loaded)
        {
            _loaded = true;
            await Load();
        }

        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>Reads what the page shows; also does what a form of it asks for.</summary>
    protected virtual Task Load() => Task.CompletedTask;
}
