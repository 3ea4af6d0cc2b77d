// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens disk images; a service of each format's bundle with the property {@code xenolith.format}, for example {@code raw}. */
@ConsumerType
public interface BlockDeviceFactory {
  /**
   * Opens an image. Nobody else may write what somebody reads, in this process or beside it: {@code block.kit} has the file that sees to it.
   *
   * @param mode what becomes of the guest's writes
   * @throws IOException if it can't be read; the message names the file and the remedy
   */
  BlockDevice open(Path image, Mode mode) throws IOException;

  /**
   * Opens a disk by what a person says of it: a file's name, or an address that this format {@link #names}.
   *
   * @param settings what was said besides, by name: {@code format}, if this one was asked for by it, and those that only this format knows
   * @throws IOException if it can't be opened, or has no such setting; the message names the disk and the remedy
   */
  default BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
    for (String setting : settings.keySet()) {
      if (!setting.equals("format")) {
        throw new IOException(name + ": has no setting '" + setting + "'; leave it out");
      }
    }
    return open(Path.of(name), mode);
  }

  /**
   * The same, telling what takes time.
   *
   * @param progress hears it, a line of plain text at a time
   */
  default BlockDevice open(String name, Mode mode, Map<String, String> settings, Consumer<String> progress) throws IOException {
    return open(name, mode, settings);
  }

  /** The word for it in {@code format=}, the property's; empty for one that can't be asked for. */
  default String format() {
    return "";
  }

  /** What it is, in a sentence for people: what can be read and written, and by whom it is made. */
  default String description() {
    return "";
  }

  /** Whether a text is the address of a disk that is no file, as {@code nbd:unix:/run/disk} is. */
  default boolean names(String text) {
    return false;
  }

  /**
   * Whether an ordinary file is of this format.
   *
   * @param begin its first 512 bytes, or all that there are
   * @param end   its last bytes, as many
   */
  default boolean recognises(byte[] begin, byte[] end) {
    return false;
  }

  /** What becomes of the guest's writes. */
  enum Mode {
    /** They stay in a copy-on-write overlay in memory; the image is never changed. */
    OVERLAY,
    /** They change the image. */
    WRITE_THROUGH,
    /** They are refused. */
    READ_ONLY
  }
}
