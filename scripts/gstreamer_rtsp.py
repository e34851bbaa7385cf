"""Serve films over RTSP with GStreamer; run by Debian's own python3, not by ours.

python3 gstreamer_rtsp.py USER PASSWORD FILM...: the first film is track 101 and channel
101, the second 201, and so on. Needs the packages gir1.2-gst-rtsp-server-1.0,
gstreamer1.0-plugins-good and gstreamer1.0-plugins-bad. Prints the port.
"""

import sys

import gi  # type: ignore[import-not-found]

for name in ("Gst", "GstRtsp", "GstRtspServer"):
    gi.require_version(name, "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # type: ignore[import-not-found]  # noqa: E402

ROLE = "user"
PIPELINE = (
    "( filesrc location={film} ! qtdemux name=film"
    " film.video_0 ! queue ! {video}parse ! rtp{video}pay name=pay0 pt=96"
    " film.audio_0 ! queue ! {audio} name=pay1 pt=97 )"
)
AUDIO = {
    "pcm_mulaw": "rtppcmupay",
    "pcm_alaw": "rtppcmapay",
    "aac": "aacparse ! rtpmp4apay",
}


def factory(film: str) -> GstRtspServer.RTSPMediaFactory:
    """Return what makes a stream of a film, called NAME.VIDEO.AUDIO.mov."""
    _, video, audio, _ = film.rsplit("/", 1)[-1].split(".")
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(PIPELINE.format(film=film, video=video, audio=AUDIO[audio]))
    permissions = GstRtspServer.RTSPPermissions()
    for what in ("access", "construct"):
        permissions.add_permission_for_role(ROLE, f"media.factory.{what}", True)
    made.set_permissions(permissions)
    return made


def main(user: str, password: str, *films: str) -> None:
    """Serve until the process is ended."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    for number, film in enumerate(films, 1):
        for kind in ("tracks", "Channels"):
            path = f"/Streaming/{kind}/{number}01"
            server.get_mount_points().add_factory(path, factory(film))
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(*sys.argv[1:])
