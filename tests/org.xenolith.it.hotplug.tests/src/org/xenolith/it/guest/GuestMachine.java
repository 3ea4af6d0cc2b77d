// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xenolith.console.api.SerialPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A machine with its console; runs on the test's thread or on one of its own. */
public final class GuestMachine implements AutoCloseable {
  /** Virtual time that no guest here needs. */
  private static final long TOO_LONG = TimeUnit.HOURS.toNanos(1);

  private final Machine machine;
  private final WatchedDisk disk;
  private final String uart;
  private final Runnable closing;
  private final Saving saving;
  private final GuestConsole console = new GuestConsole();
  private final StringBuffer events = new StringBuffer();
  private CompletableFuture<StopReason> running;

  /** @param disk its disk, or null */
  GuestMachine(Machine machine, WatchedDisk disk) {
    this(machine, disk, GuestSetup.UART_NODE, machine::close, machine::save);
  }

  private interface Saving {
    void to(Path folder) throws IOException;
  }

  private GuestMachine(Machine machine, WatchedDisk disk, String uart, Runnable closing, Saving saving) {
    this.saving = saving;
    this.uart = uart;
    this.machine = machine;
    this.disk = disk;
    this.closing = closing;
    machine.port(uart, SerialPort.class).connect(console);
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    machine.eventListener((kind, place, text) -> events.append(kind).append(' ').append(place).append(": ").append(text).append('\n'));
  }

  /** A machine as the command line launches it, started. */
  public static GuestMachine launch(LaunchRequest request) {
    return of(InstalledProduct.get().service(Launcher.class).launch(request, System.out::println, (kind, place, text) -> {}));
  }

  /** One that somebody else has launched, and is closed with this. */
  public static GuestMachine of(Launch launch) {
    return new GuestMachine(launch.machine(), null, launch.console(), launch::close, launch::save);
  }

  /** The machine itself. */
  public Machine machine() {
    return machine;
  }

  /** Writes a snapshot: of a machine that was launched, one that a launch can continue. */
  public void save(Path folder) throws IOException {
    saving.to(folder);
  }

  /** The guest's console. */
  public GuestConsole console() {
    return console;
  }

  /** Events of the machine so far, a line each. */
  public String events() {
    return events.toString();
  }

  /** Runs on the caller's thread until the guest ends. */
  public StopReason run() {
    return machine.run(new RunLimit(TOO_LONG, Long.MAX_VALUE));
  }

  /** Runs on the caller's thread until the guest has just written a text: always at the same instruction. */
  public void runUntil(String text) {
    console.when(text, machine::stop);
    StopReason reason = run();
    if (reason != StopReason.STOPPED) {
      throw new AssertionError("ended with " + reason + " before '" + text + "'; console:\n" + console.text() + "\nevents:\n" + tail());
    }
  }

  private String tail() {
    return events.substring(Math.max(0, events.length() - 2000));
  }

  /** Runs on the caller's thread until the guest has just asked its disk for something, which it is not told yet. */
  public void runUntilTheDiskIsRead() {
    disk.onRead(machine::stop);
    StopReason reason = run();
    if (reason != StopReason.STOPPED) {
      throw new AssertionError("ended with " + reason + " before the disk was read; console:\n" + console.text());
    }
  }

  /** Runs on a thread of its own. */
  public void begin() {
    console.closed(false);
    running = new CompletableFuture<>();
    CompletableFuture<StopReason> future = running;
    Thread.ofPlatform().name("machine").start(() -> {
      try {
        future.complete(run());
      } catch (Throwable e) {
        future.completeExceptionally(e);
      } finally {
        console.closed(true);
      }
    });
  }

  /** Whether the run that was begun goes on. */
  public boolean running() {
    return !running.isDone();
  }

  /** Waits for the end of the run that was begun. */
  public StopReason end() {
    try {
      return running.get(GuestConsole.LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the machine does not end well; console:\n" + console.text() + "\nevents:\n" + events, e);
    }
  }

  /** Types at the guest's console. */
  public void type(String text) {
    machine.input("serial", uart, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Types a line at a shell, runs on the caller's thread until the shell waits again, and returns what it answered. */
  public String command(String line) {
    int from = console.length();
    type(line + "\n");
    runUntil(ShellGuest.PROMPT);
    // Busybox's line editor asks the terminal where the cursor is, and breaks what it echoes into the terminal's lines.
    String answer = console.text().substring(from).replace("\u001b[6n", "");
    int echoed = 0;
    for (char c : (line + "\n").toCharArray()) {
      while (c != '\n' && answer.charAt(echoed) == '\n') {
        echoed++;
      }
      if (answer.charAt(echoed++) != c) {
        throw new AssertionError("expected the echo of '" + line + "', got '" + answer + "'");
      }
    }
    return answer.substring(echoed, answer.length() - ShellGuest.PROMPT.length());
  }

  /** Runs on the caller's thread for some virtual time. */
  public StopReason runFor(long milliseconds) {
    return machine.run(new RunLimit(machine.now() + TimeUnit.MILLISECONDS.toNanos(milliseconds), Long.MAX_VALUE));
  }

  @Override
  public void close() throws IOException {
    if (running != null && !running.isDone()) {
      machine.stop();
      end();
    }
    closing.run();
    if (disk != null) {
      disk.close();
    }
  }
}
