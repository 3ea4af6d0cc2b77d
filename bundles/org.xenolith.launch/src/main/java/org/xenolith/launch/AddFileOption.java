// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.launch.api.AddedFile;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Programs for the guest's first root file system: texts are {@link AddedFile}s. */
@Component
public final class AddFileOption implements LaunchOption {
  static final String NAME = "add-file";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Guest", 270).value("GUEST-PATH=FILE").repeated().words("Programs for the guest",
        "Puts a program into the debian guest's first root file system. May be repeated.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    texts.forEach(AddedFile::of);
    request.option(NAME, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    texts.forEach(text -> FileOption.requireFile(NAME, Path.of(AddedFile.of(text).file()), InputFile.GUEST));
  }
}
