package dev.backout.action.compose;

import dev.backout.action.Doc;

/** The image that a service ran before, kept on its daemon so that it can be gone back to. */
public record FormerImage(
    @Doc("The service.") String service,
    @Doc("The image's name and tag, as the project's files had it.") String image,
    @Doc("The id of its content.") String imageId,
    @Doc("The name under which its content is kept, so that no clean-up takes it.") String kept) {}
