using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>Goes through a page with the Tab key alone.</summary>
internal static class Keyboard
{
    private const string Number = """
        () => {
          const stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
            .filter(element => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]')
              && !(element.type === 'radio' && !element.checked && document.querySelector(`input[type=radio][name="${element.name}"]`) !== element));
          stops.forEach((element, i) => element.dataset.stop = i);
          document.activeElement?.blur();
          return stops.map(element => `${element.tagName.toLowerCase()} "${(element.textContent || element.name || '').trim().slice(0, 40)}"`);
        }
        """;

    private const string Where = """
        () => {
          const at = document.activeElement, style = getComputedStyle(at);
          return [Number(at.dataset.stop ?? -1), (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'];
        }
        """;

    public static async Task<List<string>> Missed(IPage page)
    {
        var stops = await page.EvaluateAsync<string[]>(Number);
        var (reached, hidden) = (new HashSet<int>(), new List<string>());
        for (var presses = 0; presses < 2 * stops.Length + 5 && reached.Count < stops.Length; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            var at = (await page.EvaluateAsync(Where))!.Value;
            if (at[0].GetInt32() is var stop and >= 0 && reached.Add(stop) && !at[1].GetBoolean())
                hidden.Add($"{stops[stop]} does not show that it has the focus");
        }

        return [.. hidden, .. stops.Where((_, i) => !reached.Contains(i)).Select(stop => $"{stop} is not reached")];
    }
}
