return PracticeLab.EngineHost.Run(args);
