// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.a64.arch.Granule;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Which sizes of pages the CPUs translate. */
@Component(service = {LaunchOption.class, LaunchShaper.class})
public final class GranulesOption implements LaunchOption, LaunchShaper {
  @Override
  public OptionDescription description() {
    return OptionDescription.of(Granule.OPTION, Form.TEXT, "Machine", 140).value("SIZES").words("Sizes of pages",
        "Translation granules of the CPUs, some of 4k,16k,64k: the sizes of pages that a kernel may be built for (default: what a"
            + " file says, else what a named CPU has, else 4k).");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    try {
      request.option(Granule.OPTION, Granule.list(Granule.parse(texts.getFirst())));
    } catch (IllegalArgumentException e) {
      throw BadInput.at(Granule.OPTION, texts.getFirst(), e.getMessage());
    }
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(Granule.OPTION);
  }

  @Override
  public Map<String, String> cpuOptions(LaunchRequest request) {
    return Map.of(Granule.OPTION, request.text(Granule.OPTION).orElseThrow());
  }
}
