// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.block.kit.ForeignDisk;
import org.xenolith.block.kit.SparseFile;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.command.api.BadInput;

/** Which disk has the contents of which bank of flash. */
final class FlashFiles {
  private static final String FIRMWARE = "firmware";
  private static final String READ_ONLY = ",readonly";
  private static final String WRITE = ",write";
  private static final int PIECE = 1 << 20;

  private FlashFiles() {}

  /**
   * Disks by place: the code in the first bank, variables in the second.
   *
   * @param text  what the option says
   * @param store the file that variables last in; empty if they last as long as the machine
   * @throws BadInput if a file can't be the contents of its bank
   */
  static Map<String, String> disks(String text, FirmwareFiles files, Optional<Path> store, List<FlashBank> banks) {
    Map<String, String> disks = new LinkedHashMap<>();
    FlashBank code = banks.getFirst();
    check(FIRMWARE, text, files.code(), code);
    wholeVolume(text, files.code());
    disks.put(code.place().toString(), disk(FIRMWARE, files.code(), READ_ONLY));
    if (banks.size() < 2) {
      store.ifPresent(file -> {
        throw BadInput.at(StoreOption.NAME, file, "the board has no second bank of flash for variables");
      });
      return disks;
    }
    FlashBank variables = banks.get(1);
    if (store.isPresent()) {
      make(store.get(), files.variables(), variables);
      check(StoreOption.NAME, store.get().toString(), store.get(), variables);
      disks.put(variables.place().toString(), disk(StoreOption.NAME, store.get(), WRITE));
    } else {
      files.variables().ifPresent(blank -> disks.put(variables.place().toString(), disk(FIRMWARE, blank, "")));
    }
    return disks;
  }

  private static String disk(String option, Path file, String mode) {
    if (file.toString().contains(",")) {
      throw BadInput.at(option, file, "a comma can't be in the name of a disk image");
    }
    return file + mode;
  }

  private static void check(String option, String text, Path file, FlashBank bank) {
    try {
      Optional<ForeignDisk> foreign = ForeignDisk.of(file);
      if (foreign.isPresent()) {
        throw BadInput.at(option, text, foreign.get().said(file));
      }
      long length = Files.size(file);
      if (length > bank.window().size()) {
        throw BadInput.at(option, text, "has 0x" + Long.toHexString(length) + " bytes, and the bank of flash at 0x" + Long.toHexString(bank
            .window().base()) + " has 0x" + Long.toHexString(bank.window().size()) + "; expected a file that fits");
      }
      if (length == 0) {
        throw BadInput.at(option, text, "the file is empty; expected the contents of flash");
      }
    } catch (IOException e) {
      throw BadInput.of(option(option), file, e);
    }
  }

  private static void wholeVolume(String text, Path file) {
    try {
      OptionalLong end = FirmwareVolume.end(file);
      if (end.isPresent() && Long.compareUnsigned(end.getAsLong(), Files.size(file)) > 0) {
        throw BadInput.at(FIRMWARE, text, "is cut off: its firmware volume ends at 0x" + Long.toHexString(end.getAsLong())
            + " and the file at 0x" + Long.toHexString(Files.size(file)) + "; get the whole file");
      }
    } catch (IOException e) {
      throw BadInput.of(option(FIRMWARE), file, e);
    }
  }

  /** A machine's own variables, if it has none yet: whole, or not there. */
  private static void make(Path store, Optional<Path> blank, FlashBank bank) {
    Path whole = store.toAbsolutePath();
    try {
      if (Files.exists(whole)) {
        return;
      }
      Path folder = Files.createTempDirectory(whole.getParent(), "." + whole.getFileName());
      Path made = folder.resolve("new");
      try {
        if (blank.isPresent()) {
          SparseFile.copy(blank.get(), made);
        } else {
          erased(made, bank.window().size());
        }
        link(made, whole);
      } catch (FileAlreadyExistsException there) {
        // another machine was quicker, and has what we would have made
      } finally {
        Files.deleteIfExists(made);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw BadInput.of(option(StoreOption.NAME), store, e);
    }
  }

  /** A link never takes the place of a file; not every file system has them. */
  private static void link(Path made, Path whole) throws IOException {
    try {
      Files.createLink(whole, made);
    } catch (UnsupportedOperationException e) {
      Files.move(made, whole);
    }
  }

  private static void erased(Path file, long bytes) throws IOException {
    byte[] piece = new byte[PIECE];
    Arrays.fill(piece, (byte) 0xFF);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= piece.length) {
        out.write(piece, 0, (int) Math.min(left, piece.length));
      }
    }
  }
}
