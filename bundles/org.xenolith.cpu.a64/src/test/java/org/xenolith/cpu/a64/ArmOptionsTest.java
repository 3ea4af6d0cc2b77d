// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/** What a launch can be told of Arm's CPUs. */
class ArmOptionsTest {
  private static LaunchRequest request(LaunchOption option, String text) {
    LaunchRequest.Builder request = RequestBuilder.of("virt");
    option.use(List.of(text), request);
    return request.build();
  }

  private static String refused(LaunchOption option, String text) {
    return OptionName.onCommandLine(assertThrows(BadInput.class, () -> request(option, text)).getMessage());
  }

  @Test
  void textsAreParsed() {
    assertEquals(Map.of("gic", "3"), request(new GicOption(), "3").boardOptions());
    assertEquals(Map.of("granules", "4k,64k"), new GranulesOption().cpuOptions(request(new GranulesOption(), "64k, 4K")));
    El2Option option = new El2Option();
    LaunchRequest said = request(option, LaunchOption.ON);
    assertTrue(option.serves(said) && !option.serves(RequestBuilder.of("virt").build()));
    assertEquals(Map.of("virtualization", "on"), option.boardOptions(said));
    assertEquals(Map.of("virtualization", "true"), option.cpuOptions(said));
  }

  @Test
  void whatCanNotBeMeantIsRefused() {
    assertEquals("--gic '4': expected 2 or 3", refused(new GicOption(), "4"));
    assertEquals("--granules '8k': expected one or more of 4k,16k,64k, got '8k'", refused(new GranulesOption(), "8k"));
  }
}
