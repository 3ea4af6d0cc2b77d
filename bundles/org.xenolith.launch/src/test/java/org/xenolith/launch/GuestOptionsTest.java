// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
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
}
