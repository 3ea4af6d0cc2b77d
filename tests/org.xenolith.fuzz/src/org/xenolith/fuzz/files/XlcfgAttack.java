// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.fuzz.Attack;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.control.ConfigText;

/** Configuration files of domains: what is read is written in another form and read again. */
public final class XlcfgAttack implements Attack {
  private static final String FILE = "input.cfg";
  /** A place of a warning or a refusal. */
  private static final String PLACE = FILE + ":\\d+: ";

  @Override
  public String word() {
    return "xlcfg";
  }

  @Override
  public String says() {
    return "a domain's configuration file in the form of xl.cfg; what is read is written in another form and read again";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hyp.control.**");
  }

  @Override
  public void fresh() {
    // The reader keeps nothing.
  }

  @Override
  public List<String> execute(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Reading reading = new Reading(input);
    String[] config = new String[1];
    if (reading.done("the reader", PLACE, List.of(HypervisorException.class), () -> config[0] = ConfigText.read(FILE, text))) {
      reading.done("reading what was written", "", List.of(), () -> {
        String written = ConfigText.written(FILE, text);
        String again = ConfigText.read(FILE, written);
        reading.expect(plain(again).equals(plain(config[0])), "written in another form it is " + again + ", was " + config[0]);
        reading.expect(ConfigText.written(FILE, written).equals(written), "written twice it is something else");
      });
    }
    return reading.wrong();
  }

  /** Without lines, which change. */
  private static String plain(String config) {
    return config.replaceAll(PLACE, "");
  }
}
