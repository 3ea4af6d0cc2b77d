// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;

/** A launcher of a machine whose guest writes one line each virtual second, and then ends. A snapshot is a file with the time. */
final class ScriptedMachine implements Launcher {
  private static final String UART = "/uart@0";
  private static final String SNAPSHOT = "time.txt";
  private static final long SECOND = 1_000_000_000L;
  final List<String> typed = new ArrayList<>();
  final List<String> lines;
  /** Of a machine that ends so. */
  static final int EXIT_STATUS = 33;

  private final StopReason end;
  private final SerialPort port = new SerialPort();
  private final Queue<Runnable> posts = new ConcurrentLinkedQueue<>();
  private long now;
  private volatile boolean stop;
  private boolean closed;
  /** Its lines again, in a machine that boots again; once. */
  private Runnable boot;

  ScriptedMachine(StopReason end, String... lines) {
    this.end = end;
    this.lines = new ArrayList<>(List.of(lines));
  }

  boolean closed() {
    return closed;
  }

  @Override
  public List<LaunchOption> options() {
    return List.of();
  }

  @Override
  public List<BadInput> faults(Map<String, List<String>> said) {
    return List.of();
  }

  @Override
  public LaunchRequest request(Map<String, List<String>> said) {
    return RequestBuilder.of("virt").build();
  }

  private Platform platform() {
    return new Platform("fake", Fdt.of(new FdtNode("", List.of(), List.of())), List.of(new PlatformNode(UART, "uart@0", "/", List.of(),
        List.of(), true, List.of(), List.of(), Map.of())), Timing.STANDARD);
  }

  private StopReason run(RunLimit limit) {
    for (Runnable action; (action = posts.poll()) != null;) {
      action.run();
    }
    for (;;) {
      if (stop) {
        stop = false;
        return StopReason.STOPPED;
      }
      if (now >= limit.virtualNanoseconds()) {
        return StopReason.LIMIT;
      }
      int next = (int) (now / SECOND);
      if (next >= lines.size()) {
        if (end == null) {
          Thread.onSpinWait(); // a guest that takes host time, but no virtual one
          continue;
        }
        if (end == StopReason.RESET && boot != null) {
          boot.run();
          boot = null;
          continue;
        }
        return end;
      }
      now = Math.min(limit.virtualNanoseconds(), (next + 1) * SECOND);
      if (now == (next + 1) * SECOND) {
        for (byte b : (lines.get(next) + "\n").getBytes(StandardCharsets.UTF_8)) {
          port.transmit(b);
        }
      }
    }
  }

  private Machine machine() {
    return (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class}, (self, method,
        arguments) -> switch (method.getName()) {
          case "post" -> {
            posts.add((Runnable) arguments[0]);
            yield null;
          }
          case "onReset" -> {
            Runnable before = boot;
            boot = (Runnable) arguments[0];
            yield before;
          }
          case "run" -> run((RunLimit) arguments[0]);
          case "stop" -> {
            stop = true;
            yield null;
          }
          case "now" -> now;
          case "exitStatus" -> end == StopReason.EXIT ? OptionalInt.of(EXIT_STATUS) : OptionalInt.empty();
          case "instructions" -> now / 1000;
          case "digest" -> "%064x".formatted(now);
          case "hang" -> Optional.empty();
          case "port" -> port;
          case "platform" -> platform();
          case "events" -> Map.of("unmodelled-access", 2L);
          case "devices" -> List.of(new DeviceFact(UART, "UART", "b.uart", "1.0.0"), new DeviceFact("/rtc@1", "", "", ""));
          case "input" -> {
            typed.add(arguments[1] + " " + new String((byte[]) arguments[2], StandardCharsets.UTF_8));
            yield null;
          }
          default -> null;
        });
  }

  @Override
  public Launch launch(LaunchRequest request, ProgressListener progress, EventLog events) {
    request.text("load").map(Path::of).ifPresent(from -> {
      try {
        now = Long.parseLong(Files.readString(from.resolve(SNAPSHOT)));
      } catch (IOException e) {
        throw BadInput.of("the snapshot", from, e);
      }
    });
    Machine machine = machine();
    boot = request.option("on-reset").contains("boot") ? () -> lines.addAll(List.copyOf(lines)) : null;
    events.report("odd", "/rtc@1", "first line\nsecond");
    return (Launch) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Launch.class}, (self, method,
        arguments) -> switch (method.getName()) {
          case "machine" -> machine;
          case "platform" -> platform();
          case "console" -> UART;
          case "guest" -> request.guest().orElse("");
          case "disks" -> List.of();
          case "debug" -> (Runnable) () -> {
          };
          case "save" -> Files.writeString(((Path) arguments[0]).resolve(SNAPSHOT), Long.toString(now));
          case "close" -> {
            closed = true;
            yield null;
          }
          default -> Optional.empty();
        });
  }

  @Override
  public Fdt guestTree(LaunchRequest request) {
    return platform().source();
  }
}
