// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.control.Machine;

/**
 * Port: consoles of domains. Whatever shows a domain's console connects to it; what serves it (console_io, the PV ring, a
 * virtual UART) writes here and takes input. Output that nobody shows is kept, the last 64 KiB. No state of the machine: what
 * is here has left it.
 */
public final class ConsolesPort {
  /** Kind of the inputs that {@link #serve} takes; the place of one is a domain's name or domid. */
  public static final String INPUT = "console";
  private final Map<Integer, ConsolePort> lines = new TreeMap<>();
  private final List<Follower> followers = new ArrayList<>();
  private IntFunction<String> names = id -> "";
  private String board = "";
  /** Who sees what domains write; null if nobody does. */
  private @Nullable ConsoleWatcher watcher;

  private record Follower(String domain, IntConsumer sink) {}

  /** Takes typed bytes for a domain. */
  @FunctionalInterface
  public interface Input {
    /** Returns how many bytes were taken. */
    int offer(byte[] bytes, int offset, int length);
  }

  private ConsolePort line(int domid) {
    ConsolePort line = lines.get(domid);
    if (line == null) {
      line = new ConsolePort();
      lines.put(domid, line);
      choose(domid, line);
    }
    return line;
  }

  private void choose(int domid, ConsolePort line) {
    line.followers = followers.stream().filter(f -> is(domid, f.domain)).map(Follower::sink).toArray(IntConsumer[]::new);
  }

  private boolean is(int domid, String domain) {
    return domain.equals(Integer.toString(domid)) || domain.equals(names.apply(domid));
  }

  /** For who serves Dom0's console: path of the node of the UART on which it is shown, empty without one. */
  public void board(String path) {
    board = path;
  }

  /** Path of the node of the UART on which Dom0's console is shown; empty if there is none that can be driven, or nobody who does. */
  public String board() {
    return board;
  }

  /** For the core: how the domain of a domid is called. */
  public void names(IntFunction<String> byDomid) {
    names = byDomid;
  }

  /**
   * Shows the console of the domain of this name or domid, the present one and those to come; beside what {@link #connect}
   * shows. On the machine's thread, or while it stands still.
   */
  public void follow(String domain, IntConsumer sink) {
    followers.add(new Follower(domain, sink));
    lines.forEach(this::choose);
  }

  /** Shows there nothing more. On the machine's thread, or while it stands still. */
  public void unfollow(IntConsumer sink) {
    followers.removeIf(f -> f.sink == sink);
    lines.forEach(this::choose);
  }

  /** Takes what is typed at consoles from a machine's inputs, which are journalled; once, before it runs. */
  public void serve(Machine machine) {
    machine.inputHandler(INPUT, (domain, bytes) -> {
      for (Map.Entry<Integer, ConsolePort> line : lines.entrySet()) {
        if (line.getValue().input != null && is(line.getKey(), domain)) {
          return line.getValue().input.offer(bytes, 0, bytes.length);
        }
      }
      machine.eventLog().announce("input-lost", domain, "there is no domain of this name that takes input");
      return bytes.length;
    });
  }

  /** Whether the domain of this name or domid takes input. */
  public boolean open(String domain) {
    return lines.entrySet().stream().anyMatch(line -> line.getValue().input != null && is(line.getKey(), domain));
  }

  /** Is shown what domains write. It must change nothing. */
  @FunctionalInterface
  public interface ConsoleWatcher {
    /** A domain wrote a byte. */
    void wrote(int domid, byte b);
  }

  /** Has somebody see what all domains write, beside whom it is shown to, in the place of who did; null for nobody. On the machine's thread, or while it stands still. */
  public void watch(@Nullable ConsoleWatcher newWatcher) {
    watcher = newWatcher;
  }

  /** A domain wrote a byte. */
  public void write(int domid, byte b) {
    if (watcher != null) {
      watcher.wrote(domid, b);
    }
    line(domid).write(b);
  }

  /** Shows a domain's console from now on, in the place of an earlier sink; null for nobody. On the machine's thread. */
  public void connect(int domid, IntConsumer sink) {
    line(domid).sink = sink;
  }

  /** Serves a domain's input, in the place of an earlier one; null for nobody. */
  public void input(int domid, Input input) {
    ConsolePort line = line(domid);
    line.input = input;
    // Who connected a sink before there was such a domain could not know its name.
    choose(domid, line);
  }

  /** Typed bytes for a domain. @return how many were taken */
  public int offer(int domid, byte[] bytes, int offset, int length) {
    ConsolePort line = line(domid);
    return line.input == null ? 0 : line.input.offer(bytes, offset, length);
  }

  /** What a domain wrote last, at most 64 KiB. */
  public byte[] kept(int domid) {
    return line(domid).kept();
  }

  /** A domain is gone: its console is empty for the next one of that domid. */
  public void clear(int domid) {
    lines.remove(domid);
  }
}
