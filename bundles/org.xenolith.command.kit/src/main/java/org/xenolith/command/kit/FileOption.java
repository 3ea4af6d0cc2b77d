// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;

/** Files that a user names: trouble with one is said with the option by its name, the file and the reason. */
public final class FileOption {
  private FileOption() {}

  /** Something done with a file. */
  public interface Use {
    /** @throws IOException if the file can't be read or written, with a message for who knows its name */
    void with(Path file) throws IOException;
  }

  /**
   * Does it.
   *
   * @throws BadInput with whatever is wrong with the file
   */
  public static void use(String option, Path file, Use use) {
    try {
      use.with(file);
    } catch (IOException e) {
      throw BadInput.of(OptionName.option(option), file, e);
    }
  }

  /**
   * Complains now about a file that could not be written when a long run has ended.
   *
   * @param file null is fine
   * @throws BadInput if its folder isn't there or can't be written
   */
  public static void requireFolderOf(String option, Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw BadInput.at(option, file, "there is no folder " + folder + "; make it first");
    }
    if (!Files.isWritable(folder)) {
      throw BadInput.at(option, file, "the folder " + folder + " is not writable");
    }
  }

  /**
   * Complains now about a file that is not there, is no ordinary file or too large.
   *
   * @param file null is fine
   * @param most bytes that it may have
   * @throws BadInput if that is so
   */
  public static void requireFile(String option, Path file, long most) {
    if (file != null) {
      if (!Files.exists(file)) {
        throw BadInput.at(option, file, "no such file");
      }
      use(option, file, named -> InputFile.check(named, most));
    }
  }
}
