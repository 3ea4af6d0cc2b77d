// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.options;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.FirmwareSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** The firmware that a machine has: of an installed kind, or a file that goes into its flash. */
@Component
public final class FirmwareOption implements LaunchOption {
  private static final String NAME = "firmware";

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  final List<FirmwareKind> kinds = new CopyOnWriteArrayList<>();

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.FILE, "Machine", 180).value("NAME|FILE").words("Firmware", inOrder().map(kind -> kind
        .name()
        + ": "
        + kind.summary()).collect(Collectors.joining("; ")) + (kinds.isEmpty() ? "A" : "; else a") + " file that is the flash's contents.");
  }

  private Stream<FirmwareKind> inOrder() {
    return kinds.stream().sorted(Comparator.comparing(FirmwareKind::name));
  }

  @Override
  public List<String> candidates() {
    return inOrder().map(FirmwareKind::name).toList();
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    request.option(NAME, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    String text = texts.getFirst();
    FirmwareKind kind = kinds.stream().filter(one -> one.name().equals(text)).findFirst().orElse(null);
    if (kind instanceof FirmwareSource source && !source.availability().usable()) {
      Availability availability = source.availability();
      throw BadInput.at(NAME, text, availability.reason() + " " + availability.remedy());
    }
    if (kind == null) {
      if (isName(text) && !Files.exists(Path.of(text))) {
        throw BadInput.at(NAME, text, "no such firmware or file; there is " + String.join(", ", candidates()));
      }
      FileOption.requireFile(NAME, Path.of(text), InputFile.GUEST);
    }
  }

  /** A text without a separator or a dot may have been meant as a name. */
  private static boolean isName(String text) {
    return text.matches("[A-Za-z0-9_-]+");
  }

  @Override
  public void checkServed(List<String> texts) {
    String text = texts.getFirst();
    if (isName(text) && kinds.stream().noneMatch(one -> one.name().equals(text)) && !Files.exists(Path.of(text))) {
      throw new BadInput(option(NAME) + " " + text
          + ": no bundle that is installed has this firmware any more; add the one that was removed");
    }
  }
}
