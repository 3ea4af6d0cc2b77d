// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.BootLoader;

/** Offers the loader of flat binaries as a service, for what no other loader knows. */
@Component(service = BootLoader.class, property = {"xenolith.boot.format=flat", "service.ranking:Integer=-100"})
public final class FlatBootLoaderComponent extends FlatBootLoader {}
