// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.memory.kit.StageTwoEntries;
import org.xenolith.origin.api.WordOwner;

/** Offers entries of nested page tables to who asks who wrote them. */
@Component(service = WordOwner.class)
public final class NestedTableWrites extends StageTwoEntries {}
