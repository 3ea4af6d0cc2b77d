// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.profile.api.ProfileRequest;

/** A field of the boot dialog that is about the run in this window, not about what is launched; called as an option of {@code boot} is. */
enum RunField {
  CONSOLE("console", "Console shown"), ON_PANIC("on-panic", "After a kernel panic"), PROFILE("profile", "Profile"),
  PROFILE_PERIOD("profile-period", "Look every"), SYMBOLS("symbols", "Names of addresses"), SAVE("save", "Save when it ends"),
  RECORD("record", "Record input"), REPLAY("replay", "Replay input");

  private final String option;
  private final String label;

  RunField(String option, String label) {
    this.option = option;
    this.label = label;
  }

  /** Its name. */
  String option() {
    return option;
  }

  /** What stands before it. */
  String label() {
    return label;
  }

  static Optional<RunField> of(String option) {
    return Arrays.stream(values()).filter(field -> field.option.equals(option)).findFirst();
  }

  /**
   * Looks at one thing that stands in it.
   *
   * @param said the fields that are filled in
   * @throws BadInput if it can't be meant
   */
  void check(String text, Set<String> said) {
    switch (this) {
      case ON_PANIC -> PanicWatch.stops(text);
      case PROFILE -> FileOption.requireFolderOf(option, Path.of(text));
      case PROFILE_PERIOD -> ProfileRequest.period(text);
      case SYMBOLS -> require(said.contains(PROFILE.option),
          OptionName.option(option) + " names addresses of a profile: say where to write it with " + OptionName.option(PROFILE.option));
      case SAVE -> requireNew(text);
      case RECORD -> {
        require(!said.contains(REPLAY.option), OptionName.option(option) + " and " + OptionName.option(REPLAY.option)
            + " exclude each other: a replayed run takes no new input");
        FileOption.requireFolderOf(option, Path.of(text));
      }
      case REPLAY -> FileOption.requireFile(option, Path.of(text), InputFile.GUEST);
      default -> {
      }
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new BadInput(otherwise);
    }
  }

  /** @throws BadInput if a snapshot can't be written there */
  static void requireNew(String text) {
    FileOption.requireFolderOf(SAVE.option, Path.of(text));
    if (Files.exists(Path.of(text))) {
      throw BadInput.at(SAVE.option, text, "it is there already; a snapshot is a new folder");
    }
  }
}
