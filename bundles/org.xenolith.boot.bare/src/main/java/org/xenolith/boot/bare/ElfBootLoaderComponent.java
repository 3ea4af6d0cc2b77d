// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.BootLoader;

/** Offers the loader of ELF files as a service. */
@Component(service = BootLoader.class, property = "xenolith.boot.format=elf")
public final class ElfBootLoaderComponent extends ElfBootLoader {}
