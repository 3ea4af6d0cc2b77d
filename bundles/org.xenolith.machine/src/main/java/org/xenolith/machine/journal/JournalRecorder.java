// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.journal.JournalEntry.Carried;
import org.xenolith.machine.run.ChangedBundle;
import org.xenolith.machine.run.InputSource;
import org.xenolith.machine.run.OutsideInputs;

/** Lets live inputs in and writes each of them down. */
public final class JournalRecorder implements InputSource, AutoCloseable {
  private final Path file;
  private final Hardware hardware;
  private final JarFolder jars;
  private final JournalContents contents = new JournalContents();
  private BufferedWriter writer;

  public JournalRecorder(Path file, String header, Hardware hardware) throws IOException {
    this.file = file;
    this.hardware = hardware;
    jars = new JarFolder(JournalFile.jars(file), JarFolder.MOST, why -> hardware.events.announce("journal-failed", file.toString(), why));
    writer = new BufferedWriter(Channels.newWriter(own(file), StandardCharsets.UTF_8));
    writer.write(header);
    writer.flush();
  }

  /** The file, empty, which no other run writes into until the channel is closed: two journals in one would be none. */
  private static FileChannel own(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    try {
      if (Files.isRegularFile(file)) {
        if (!locked(channel)) {
          throw new IOException("another run records into it; name another file");
        }
        channel.truncate(0);
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void taken(OutsideInputs.Input input) {
    write(new JournalEntry.Input(hardware.clock.instructions(), hardware.clock.now(), input.kind(), input.place(), input.bytes()));
  }

  @Override
  public void changed(ChangedBundle change) {
    Carried now = carried(change.bundle(), change.version(), change.jar());
    Carried before = change.replaced().isEmpty() ? Carried.NONE : carried(change.bundle(), change.replaced(), change.replacing());
    write(new JournalEntry.Change(hardware.clock.instructions(), hardware.clock.now(), change.operation(), change.bundle(), now.version(),
        now
            .sha256(), now.jar(), before));
  }

  private Carried carried(String bundle, String version, Optional<byte[]> jar) {
    return jar.map(content -> jars.keep(bundle, version, content)).orElse(new Carried(version, "-", ""));
  }

  @Override
  public boolean reset() {
    write(new JournalEntry.Reset(hardware.clock.instructions(), hardware.clock.now()));
    return true;
  }

  private void write(JournalEntry entry) {
    if (writer == null) {
      return;
    }
    try {
      writer.write(contents.line(entry));
      writer.write('\n');
      writer.flush();
    } catch (IOException e) {
      writer = null;
      hardware.events.announce("journal-failed", file.toString(), "recording ends: " + HostReason.of(e).text());
    }
  }

  @Override
  public void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      hardware.events.announce("journal-failed", file.toString(), HostReason.of(e).text());
    }
    writer = null;
  }
}
