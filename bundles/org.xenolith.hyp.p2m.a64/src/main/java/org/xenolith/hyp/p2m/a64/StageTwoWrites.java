// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.memory.kit.StageTwoEntries;
import org.xenolith.origin.api.WordOwner;

/** Offers entries of stage 2 to who asks who wrote them. */
@Component(service = WordOwner.class)
public final class StageTwoWrites extends StageTwoEntries {}
