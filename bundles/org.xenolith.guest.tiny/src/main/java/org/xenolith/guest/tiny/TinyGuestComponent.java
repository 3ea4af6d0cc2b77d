// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.tiny;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestSource;

/** Offers the tiny guest as a service. */
@Component(service = GuestSource.class, property = "xenolith.guest=tiny")
public final class TinyGuestComponent extends TinyGuest {}
