// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.BootLoader;

/** Offers the loader as a service. */
@Component(service = BootLoader.class, property = "xenolith.boot.format=pvh")
public final class PvhBootLoaderComponent extends PvhBootLoader {}
