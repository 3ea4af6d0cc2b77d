// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.OptionName;
import org.xenolith.history.PastFrames.Frame;
import org.xenolith.history.PastFrames.Kind;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.inspect.kit.AttendedRun;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineInputs.Change;
import org.xenolith.machine.kit.JournalCommand;

/** A second process, as the one that has the present machine sees it: it executes what ran before a bundle was changed, with the versions that ran then, and answers words. */
final class EarlierProcess implements AutoCloseable {
  private static final int LOOK_MILLISECONDS = 200;
  private static final int HELLO_MILLISECONDS = 2_000;
  private static final long PATIENCE_SECONDS = 5;
  private static final int TOLD = 600;
  private static final String JOURNAL = "run.journal";

  private final Change end;
  private final Path folder;
  private final Consumer<String> progress;
  private final Process process;
  private PastFrames frames;
  private volatile Moment moment;
  private volatile boolean closed;

  /**
   * Starts one, and waits until it has executed up to the change: a person can give that up.
   *
   * @param command  how the machine is made, as its journal has it
   * @param history  the option {@code history} of the machine
   * @param location of this bundle
   * @param progress hears how far it is, in lines
   * @throws BadInput if it can't be had; the message says why
   */
  EarlierProcess(MachineInputs inputs, Change end, String command, String history, String location, Consumer<String> progress) {
    this.end = end;
    this.progress = progress;
    moment = new Moment(end.instructions(), end.nanoseconds());
    String secret = UUID.randomUUID().toString();
    Path made = null;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      made = Files.createTempDirectory(Path.of(System.getProperty("xenolith.temporary", System.getProperty("java.io.tmpdir"))), "past-");
      folder = made;
      Path journal = folder.resolve(JOURNAL);
      inputs.write(journal, command, end);
      process = ProductProcess.start(location, AskedProcess.PROPERTY + "=" + server.getLocalPort() + "," + moment, secret, errors(),
          arguments(journal, history));
      try {
        AttendedRun.silent(process::destroy).await(() -> connect(server, secret));
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    } catch (IOException e) {
      delete(made);
      throw new BadInput("what ran before the " + end.text() + ": " + HostReason.of(e).text());
    }
  }

  /** The command line: what the journal says needn't be said again, but for the folder of plug-ins, which is read before a journal is. */
  static List<String> arguments(Path journal, String history) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("boot", option("replay") + "=" + journal, option(HistoryOption.NAME) + "=" + history));
    List<String> words = JournalCommand.of(journal).map(JournalCommand::words).orElse(List.of());
    String plugins = option("plugins");
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith(plugins + "=")) {
        arguments.add(words.get(i));
      } else if (words.get(i).equals(plugins) && i + 1 < words.size()) {
        arguments.add(plugins + "=" + words.get(i + 1));
      }
    }
    return arguments;
  }

  private static String option(String name) {
    return OptionName.onCommandLine(OptionName.option(name));
  }

  private Path errors() {
    return folder.resolve("errors");
  }

  /** Who has connected, if it is that process: others of this computer may come to the port. */
  static Optional<PastFrames> known(Socket socket, String secret) throws IOException {
    PastFrames other = new PastFrames(socket);
    try {
      socket.setSoTimeout(HELLO_MILLISECONDS);
      if (other.receive().equals(new Frame(Kind.HELLO, secret))) {
        socket.setSoTimeout(0);
        return Optional.of(other);
      }
    } catch (IOException e) {
      // It is somebody else, who says nothing, or something else.
    }
    other.close();
    return Optional.empty();
  }

  private Void connect(ServerSocket server, String secret) throws IOException {
    server.setSoTimeout(LOOK_MILLISECONDS);
    while (frames == null) {
      try {
        frames = known(server.accept(), secret).orElse(null);
      } catch (SocketTimeoutException e) {
        if (!process.isAlive()) {
          throw gone();
        }
      }
    }
    compare(read());
    return null;
  }

  /** It must have come to what the machine was when the bundle was changed. */
  private void compare(String digest) {
    if (!end.digest().isEmpty() && !end.digest().equals(digest)) {
      throw new BadInput("the second process, for what ran before the " + end.text() + ", came to another state than this machine had at "
          + moment + " (digest " + digest + " instead of " + end.digest()
          + "): what it would show isn't what was. Please report it, with a recording of the run");
    }
  }

  /** Reads up to an answer. */
  private String read() {
    try {
      for (;;) {
        Frame next = frames.receive();
        switch (next.kind()) {
          case PROGRESS -> progress.accept(next.text());
          case MOMENT -> moment = moment(next.text());
          case ANSWER -> {
            return next.text();
          }
          case REFUSAL -> throw new BadInput(next.text());
          default -> throw new IOException("an answer that is none");
        }
      }
    } catch (IOException e) {
      throw gone();
    }
  }

  private static Moment moment(String text) {
    return GoalText.of(text) instanceof Goal.Exactly there ? there.moment() : new Moment(0, 0);
  }

  /** It has ended, which it tells by what it wrote last. */
  private BadInput gone() {
    String said = "";
    try {
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      said = Files.readString(errors()).strip();
    } catch (IOException e) {
      said = HostReason.of(e).text();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
    return new BadInput("the second process, for what ran before the " + end.text() + ", has ended: " + (said.length() > TOLD ? "…" + said
        .substring(said.length() - TOLD) : said));
  }

  /** The change up to which it executes. */
  Change end() {
    return end;
  }

  /** Where it was looked at last. */
  Moment moment() {
    return moment;
  }

  /** Has a word executed there. A person can give it up. */
  synchronized String ask(String name, List<String> words) {
    if (closed) {
      throw gone();
    }
    return AttendedRun.silent(new GivenUp()).await(() -> {
      send(Kind.WORD, (name + " " + String.join(" ", words)).strip());
      return read();
    });
  }

  /** A word is given up: said again and again, until that process answers, or is ended as it doesn't. */
  private final class GivenUp implements Runnable {
    private long since;

    @Override
    public void run() {
      long now = System.nanoTime();
      since = since == 0 ? now : since;
      if (now - since > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        process.destroyForcibly();
      } else {
        send(Kind.CANCEL, "");
      }
    }
  }

  private void send(Kind kind, String text) {
    try {
      frames.send(kind, text);
    } catch (IOException e) {
      throw gone();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (frames != null) {
        frames.close();
      }
      // It ends by itself when nobody asks any more.
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    delete(folder);
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // The folder goes with the program's.
    }
  }
}
