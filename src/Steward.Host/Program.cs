using Steward.Host;
using Steward.Work;

// A part of the program in a process of its own; before everything else, because it should start fast and small.
return args is ["child", .. var words] ? await ChildMain.Run(() => Platform.Rooms.SelectMany(room => room.Children), words) : await Commands.Run(args);
