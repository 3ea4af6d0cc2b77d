// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolTable;
import org.xenolith.machine.control.Machine;
import org.xenolith.profile.api.Profile;
import org.xenolith.profile.api.ProfileRequest;
import org.xenolith.profile.api.Profiler;

/** Offers profiles: to applications, and as {@code profile} at the monitor prompt. */
@Component(service = {Profiler.class, MonitorCommand.class})
public final class ProfilerComponent implements Profiler, MonitorCommand {
  private static final int PATIENCE_SECONDS = 60;

  private final Map<Machine, RunningProfile> running = new ConcurrentHashMap<>();
  private final MachineInspector inspection;
  private final SymbolFinder finder;

  /**
   * @param inspection looks into machines
   * @param finder     finds names of addresses
   */
  @Activate
  public ProfilerComponent(@Reference MachineInspector inspection, @Reference SymbolFinder finder) {
    this.inspection = inspection;
    this.finder = finder;
  }

  @Override
  public Profile begin(Machine machine, ProfileRequest request) {
    SymbolTable files = finder.files(request.symbols());
    InspectedMachine inspected = inspection.of(machine);
    machine.processors().stream().filter(cpu -> inspected.processor(cpu.index()).isEmpty()).findFirst().ifPresent(cpu -> {
      throw new BadInput("profile: no bundle is installed that looks into processors such as cpu " + cpu.index()
          + ". Build the tree with its bundles org.xenolith.inspect.*, or go on without a profile");
    });
    RunningProfile earlier = running.get(machine);
    if (earlier != null) {
      earlier.close();
    }
    RunningProfile profile = new RunningProfile(machine, inspected, request.period(), finder, files, () -> running.remove(machine));
    running.put(machine, profile);
    return profile;
  }

  /** The bundle goes while machines run: nobody may call its classes any more. */
  @Deactivate
  void close() {
    running.values().forEach(RunningProfile::leave);
  }

  @Override
  public String name() {
    return "profile";
  }

  @Override
  public String help() {
    return """
        profile on [N]           find out where guest time goes: look at each CPU every N instructions (100003)
        profile write FOLDER     write what was found out so far: text, flame graph, collapsed stacks
        profile off              end it""";
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    String verb = words.isEmpty() ? "" : words.getFirst();
    String argument = words.size() > 1 ? words.get(1) : "";
    if (words.size() > (verb.equals("on") || verb.equals("write") ? 2 : 1)) {
      throw new BadInput("profile " + verb + ": too many words; help profile says what there is");
    }
    return switch (verb) {
      case "on" -> {
        ProfileRequest request = new ProfileRequest(period(argument), List.of());
        yield ask(machine, () -> {
          begin(machine, request);
          return "on, a sample for " + request.period() + " instructions\n";
        });
      }
      case "write" -> ask(machine, () -> write(profile(machine), argument));
      case "off" -> ask(machine, () -> {
        profile(machine).close();
        return "off\n";
      });
      case "" -> ask(machine, () -> running.containsKey(machine) ? "on, " + profile(machine).samples() + " samples\n" : "off\n");
      default -> throw new BadInput("profile: unknown word '" + verb + "'; there are on, write, off");
    };
  }

  private RunningProfile profile(Machine machine) {
    RunningProfile profile = running.get(machine);
    if (profile == null) {
      throw new BadInput("profile: it is off; profile on begins");
    }
    return profile;
  }

  private static long period(String text) {
    if (text.isEmpty()) {
      return ProfileRequest.PERIOD;
    }
    if (!text.matches("[0-9]{3,12}")) {
      throw new BadInput("profile on: '" + text + "' is no number of instructions, " + ProfileRequest.SHORTEST + " or more");
    }
    return Long.parseLong(text);
  }

  private static String write(RunningProfile profile, String folder) {
    if (folder.isEmpty()) {
      throw new BadInput("profile write: name a folder");
    }
    try {
      profile.write(Path.of(folder));
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInput("profile write: " + folder + ": " + HostReason.of(Path.of(folder), e).text()
          + "; name a folder that can be made or written to");
    }
    return profile.samples() + " samples in " + folder + "\n";
  }

  /** Does it on the machine's thread: what was found out is written there. */
  private static String ask(Machine machine, Supplier<String> what) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    machine.post(() -> {
      try {
        answer.complete(what.get());
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    });
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BadInput bad ? bad : new BadInput("profile: " + e.getCause());
    } catch (TimeoutException e) {
      throw new BadInput("profile: the machine didn't answer within " + PATIENCE_SECONDS + " s: is it running?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("profile: interrupted");
    }
  }
}
