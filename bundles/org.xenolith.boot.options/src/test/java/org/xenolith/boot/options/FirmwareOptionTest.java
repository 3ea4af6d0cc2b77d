// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.FirmwareSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;

/** The name of an installed kind, or a file. */
class FirmwareOptionTest {
  @TempDir
  private Path folder;

  private final FirmwareOption option = new FirmwareOption();
  private Availability availability = Availability.fetchable("not here yet");

  private record Kind(String name, String summary) implements FirmwareKind {}

  private final class Source implements FirmwareSource {
    @Override
    public String name() {
      return "some";
    }

    @Override
    public String summary() {
      return "something in flash";
    }

    @Override
    public Availability availability() {
      return availability;
    }

    @Override
    public FirmwareFiles obtain(ProgressListener progress) {
      throw new AssertionError("nothing is fetched by a look");
    }
  }

  @BeforeEach
  void install() {
    option.kinds.addAll(List.of(new Source(), new Kind("acpi", "tables")));
  }

  private String refused(Runnable what) {
    return OptionName.onCommandLine(assertThrows(BadInput.class, what::run).getMessage());
  }

  private String refused(String text) {
    return refused(() -> option.check(List.of(text), Set.of()));
  }

  @Test
  void helpAndProposalsNameWhatIsInstalled() {
    assertEquals(List.of("acpi", "some"), option.candidates());
    assertTrue(option.description().help().contains("acpi: tables; some: something in flash; else a file"), option.description().help());
  }

  @Test
  void aNameOrAFileIsTaken() throws IOException {
    option.check(List.of("acpi"), Set.of());
    option.check(List.of("some"), Set.of());
    option.check(List.of(Files.writeString(folder.resolve("u-boot.bin"), "code").toString()), Set.of());
  }

  @Test
  void whatIsNeitherIsRefused() {
    assertEquals("--firmware 'avmf': no such firmware or file; there is acpi, some", refused("avmf"));
    assertTrue(refused(folder + "/none.fd").startsWith("--firmware '" + folder + "/none.fd': "), refused(folder + "/none.fd"));
    assertTrue(refused(folder.toString()).startsWith("--firmware '" + folder + "': "), refused(folder.toString()));
  }

  @Test
  void whatCannotBeHadIsRefusedWithTheRemedy() {
    availability = Availability.unavailable("It isn't here.", "Put it there.");
    assertEquals("--firmware 'some': It isn't here. Put it there.", refused("some"));
  }

  @Test
  void afterAResetAKindThatWentIsMissed() throws IOException {
    option.checkServed(List.of("acpi"));
    option.checkServed(List.of(folder + "/gone.fd"));
    option.kinds.removeIf(kind -> kind.name().equals("acpi"));
    assertEquals("--firmware acpi: no bundle that is installed has this firmware any more; add the one that was removed", refused(
        () -> option.checkServed(List.of("acpi"))));
  }
}
