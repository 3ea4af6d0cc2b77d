// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
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
    if (folder == null) {
      throw BadInput.at(option, file, "this is the root of all folders; name something in one");
    }
    if (!Files.isDirectory(folder)) {
      throw BadInput.at(option, file, "there is no folder " + folder + "; make it first");
    }
    if (!Files.isWritable(folder)) {
      throw BadInput.at(option, file, "the folder " + folder + " is not writable");
    }
  }

  /**
   * The same about a file that will be written, which may be there.
   *
   * @param file null is fine
   * @throws BadInput if it is a folder, or can't be written
   */
  public static void requireWritable(String option, Path file) {
    requireFolderOf(option, file);
    if (file != null && Files.isDirectory(file)) {
      throw BadInput.at(option, file, "a folder, not a file");
    }
    if (file != null && Files.exists(file) && !Files.isWritable(file)) {
      throw BadInput.at(option, file, "the file is not writable");
    }
  }

  /**
   * Complains now about a folder that nothing could be put into when a long run has ended: one is made, or is there and empty.
   *
   * @param folder null is fine
   * @throws BadInput if it is a file, or isn't empty, or can't be made or written
   */
  public static void requireNewFolder(String option, Path folder) {
    if (folder == null) {
      return;
    }
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      requireFolderOf(option, folder);
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw BadInput.at(option, folder, "this is no folder; name one that is empty, or isn't there yet");
    }
    if (!Files.isWritable(folder)) {
      throw BadInput.at(option, folder, "the folder is not writable");
    }
    use(option, folder, named -> {
      try (Stream<Path> files = Files.list(named)) {
        if (files.findAny().isPresent()) {
          throw BadInput.at(option, named, "the folder isn't empty; name one that is, or isn't there yet");
        }
      }
    });
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
