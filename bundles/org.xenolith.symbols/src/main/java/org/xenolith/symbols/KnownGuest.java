// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.symbols.LoadedCode;

/** What is known of one guest: its kernel, once it was found, with its modules; and the images of its firmware. */
final class KnownGuest {
  private static final int MOST_VAIN = 4;
  private final FirmwareImages firmware = new FirmwareImages();
  private Optional<FoundKernel> kernel = Optional.empty();
  /** Where no kernel was found, the latest first: it isn't looked for again there. */
  private final Deque<SearchedMemory> vain = new ArrayDeque<>();

  Optional<FoundKernel> kernel(InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    // Where it is before it has turned translation on isn't where it will be.
    boolean early = kernel.isPresent() && kernel.get().early() && place.address() < 0;
    if (kernel.isPresent() && !early && kernel.get().stays(processor.memory())) {
      return kernel;
    }
    kernel = look(processor, place);
    return kernel;
  }

  private Optional<FoundKernel> look(InspectedProcessor processor, ProcessorPlace place) {
    boolean program = place.privilege() == Privilege.USER;
    Optional<FoundKernel> here = program ? Optional.empty() : around(processor.memory(), place.address());
    OptionalLong entry = processor.kernelEntry();
    return here.isPresent() || entry.isEmpty() ? here : around(processor.memory(), entry.getAsLong());
  }

  /** A search reads tens of megabytes, and a guest without a kernel is asked for names at each of its addresses. */
  private Optional<FoundKernel> around(InspectedMemory memory, long address) {
    if (vain.stream().anyMatch(each -> each.holds(memory, address)) || address >= 0 && firmware.names(memory, address)) {
      return Optional.empty();
    }
    KernelImage image = KernelImage.around(memory, address);
    Optional<FoundKernel> found = FoundKernel.in(image, memory);
    if (found.isEmpty()) {
      vain.addFirst(new SearchedMemory(image, memory));
      if (vain.size() > MOST_VAIN) {
        vain.removeLast();
      }
    }
    return found;
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
