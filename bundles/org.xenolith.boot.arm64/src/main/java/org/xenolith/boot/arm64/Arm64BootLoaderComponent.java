// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.arm64;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.BootLoader;

/** Offers the loader as a service. */
@Component(service = BootLoader.class, property = "xenolith.boot.format=arm64-image")
public final class Arm64BootLoaderComponent extends Arm64BootLoader {}
