// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/** What the launcher itself understands of guests, said by options. */
class GuestOptionsTest {
  private static LaunchRequest request(LaunchOption option, String... texts) {
    RequestBuilder request = RequestBuilder.of("virt");
    option.use(List.of(texts), request);
    return request.build();
  }

  @Test
  void anotherGuestIsAsGoodOnlyIfThatIsSaid() {
    assertFalse(FallbackOption.in(RequestBuilder.of("virt").build()));
    LaunchRequest said = request(new FallbackOption(), LaunchOption.ON);
    assertTrue(FallbackOption.in(said));
    assertEquals(List.of(LaunchOption.ON), said.option("fallback"));
  }

  @Test
  void packagesAreNamedAsOftenAsOneLikes() {
    assertTrue(new PackageOption().description().repeats());
    assertEquals(List.of("one", "two"), request(new PackageOption(), "one", "two").option("package"));
  }

  @Test
  void programsAreLookedForBeforeAnythingIsBuilt(@TempDir Path folder) throws IOException {
    AddFileOption option = new AddFileOption();
    assertEquals("'x': expected GUEST-PATH=FILE, for example /bin/bench=bench", assertThrows(BadInput.class, () -> request(option, "x"))
        .getMessage());
    Path file = folder.resolve("bench");
    String text = "/bin/bench=" + file;
    String says = assertThrows(BadInput.class, () -> option.check(List.of(text), Set.of("add-file"))).getMessage();
    assertTrue(says.contains("add-file") && says.contains(file.toString()), says);
    Files.createFile(file);
    option.check(List.of(text), Set.of("add-file"));
    assertEquals(List.of(text), request(option, text).option("add-file"));
  }
}
