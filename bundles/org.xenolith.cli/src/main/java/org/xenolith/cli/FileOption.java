package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.InputFile;

/** Files that the command line names: trouble with one is said with the option, the file and the reason. */
final class FileOption {
  private FileOption() { }

  /** Something done with a file. */
  interface Use {
    void with(Path file) throws IOException;
  }

  /** Does it; whatever is wrong with the file is bad input. */
  static void use(String option, Path file, Use use) {
    try {
      use.with(file);
    } catch (IOException e) {
      throw BadInput.of(option, file, e);
    }
  }

  /** Complains now about a file that could not be written when a long run has ended; null is fine. */
  static void requireFolderOf(String option, Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadInput(option + " '" + file + "': there is no folder " + folder + "; make it first");
    }
    if (!Files.isWritable(folder)) {
      throw new BadInput(option + " '" + file + "': the folder " + folder + " is not writable");
    }
  }

  /** Complains now about a file that is not there, is no ordinary file or too large; null is fine. */
  static void requireFile(String option, Path file, long most) {
    if (file != null) {
      if (!Files.exists(file)) {
        throw new BadInput(option + " '" + file + "': no such file");
      }
      use(option, file, named -> InputFile.check(named, most));
    }
  }
}
