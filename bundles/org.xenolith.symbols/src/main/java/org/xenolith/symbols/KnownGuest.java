// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.symbols.LoadedCode;

/** What is known of one guest: its kernel, once it was found, with its modules; and the images of its firmware. */
final class KnownGuest {
  private final FirmwareImages firmware = new FirmwareImages();
  private Optional<FoundKernel> kernel = Optional.empty();
  /** Where a processor of it stood when no kernel was found: it isn't looked for again there. */
  private OptionalLong vain = OptionalLong.empty();

  Optional<FoundKernel> kernel(InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    // Where it is before it has turned translation on isn't where it will be.
    boolean early = kernel.isPresent() && kernel.get().early() && place.address() < 0;
    if (kernel.isPresent() && !early && kernel.get().stays(processor.memory())) {
      return kernel;
    }
    kernel = Optional.empty();
    if (vain.isPresent() && vain.getAsLong() == place.address()) {
      return kernel;
    }
    kernel = look(processor, place);
    vain = kernel.isPresent() ? OptionalLong.empty() : OptionalLong.of(place.address());
    return kernel;
  }

  private Optional<FoundKernel> look(InspectedProcessor processor, ProcessorPlace place) {
    boolean program = place.privilege() == Privilege.USER;
    Optional<FoundKernel> here = program || place.address() >= 0 && firmware.names(processor.memory(), place.address()) ? Optional.empty()
        : FoundKernel.around(processor.memory(), place.address());
    OptionalLong entry = processor.kernelEntry();
    return here.isPresent() || entry.isEmpty() || entry.getAsLong() >= 0 && firmware.names(processor.memory(), entry.getAsLong()) ? here
        : FoundKernel.around(processor.memory(), entry.getAsLong());
  }

  /** What it has loaded beside its kernel, as a processor of it has it. */
  List<LoadedCode> images(InspectedProcessor processor) {
    Optional<FoundKernel> found = kernel(processor);
    ProcessorPlace place = processor.place();
    if (found.isPresent() && !found.get().early()) {
      return found.get().modules(processor.memory(), place.address());
    }
    return place.privilege() == Privilege.USER ? List.of() : firmware.now(processor.memory(), place.address());
  }

  /** The image that an address is within. */
  Optional<LoadedCode> image(InspectedProcessor processor, long address) {
    Optional<LoadedCode> listed = images(processor).stream().filter(each -> each.symbols().at(address).isPresent()).findFirst();
    ProcessorPlace place = processor.place();
    return listed.isPresent() || place.address() < 0 || place.privilege() == Privilege.USER ? listed
        : firmware.around(processor.memory(), address);
  }
}
