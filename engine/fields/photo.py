"""Attached pictures, taken on site or picked from the album."""

from engine.fields.file import File


class Photo(File):
    """A picture, or several."""

    name = "photo"
    widget = "photo"
