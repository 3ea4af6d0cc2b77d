// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionNamesTest {
  @Test
  void eachFrontEndShowsAnOptionItsWay() {
    String text = "boot with " + OptionName.option("dom0-memory") + " 1G, not {memory} or --memory";
    assertEquals("boot with --dom0-memory 1G, not {memory} or --memory", OptionName.onCommandLine(text));
    assertEquals("boot with $1 1G, not {memory} or --memory", OptionName.show(text, name -> "$1"));
    assertEquals("nothing", OptionName.onCommandLine("nothing"));
  }

  @Test
  void anErrorCarriesTheOptionAtFault() {
    BadInput at = BadInput.at("disk", "a.img", "plug one in with " + OptionName.option("pci"));
    assertEquals(Optional.of("disk"), at.option());
    assertEquals("--disk 'a.img': plug one in with --pci", OptionName.onCommandLine(at.getMessage()));
    assertEquals(Optional.of("cpus"), new BadInput("'9': expected 2").about("cpus").option());
    assertEquals(Optional.empty(), new BadInput("the moon is full").option());
    assertEquals("scenario 'x': there is no x", BadInput.of("scenario", Path.of("x"), new NoSuchFileException("x")).getMessage());
  }
}
